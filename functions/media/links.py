"""Share links: access patterns of activity items, and tokens.

A link is part of its media's activity, under its id, so that one write counts a download of both.
"""

import contextlib
import hashlib
import secrets

from media.activity import ActivityConditionError, count, update_activity
from media.errors import LinkExpiredError, LinkNotFoundError, MediaNotFoundError, TooManyLinksError
from media.model import Link
from media.validation import MAX_LINKS
from shared.ids import new_id


def new_token(media_id: str) -> str:
    """Return a token that cannot be guessed: the media's id and 256 random bits."""
    return media_id + secrets.token_urlsafe(32)


def link_id(token: str) -> str:
    """Return the id of a token's link. It is a hash, so an id or read access to the table cannot open a link."""
    return hashlib.sha256(token.encode()).hexdigest()


def add_link(media_id: str, link: Link) -> None:
    """Add a share link. If the media is full, expired links are removed in the same write.

    Raises MediaNotFoundError or TooManyLinksError. Two attempts are enough: the first one finds out which links have
    expired. The second one fails only if new links have replaced all of them.
    """
    expired: list[str] = []
    for _ in range(2):
        try:
            return _put_link(media_id, link, expired)
        except ActivityConditionError as failure:
            activity = failure.activity
        if activity is None:
            raise MediaNotFoundError
        if activity.find_link(link.id):
            return None  # the SDK repeated the write, because the response to the first attempt was lost
        expired = [each.id for each in activity.links if each.expires_at <= link.created_at]
    raise TooManyLinksError(f"The media has {MAX_LINKS} links. Revoke one of them.")


def _put_link(media_id: str, link: Link, expired: list[str]) -> None:
    """Add a link, and remove `expired` ones. Raises ActivityConditionError if there would be more than MAX_LINKS links.

    A media never has more than MAX_LINKS links, so removing one of them makes enough room.
    """
    removed = {f"#expired{number}": each for number, each in enumerate(expired)}
    has_room = " OR ".join(["size(links) < :most", *(f"attribute_exists(links.{name})" for name in removed)])
    remove = f" REMOVE {', '.join(f'links.{name}' for name in removed)}" if removed else ""
    update_activity(
        media_id,
        f"SET links.#link = :link{remove}",
        f"attribute_exists(id) AND ({has_room})",
        names={"#link": link.id} | removed,
        values={":link": link.to_item(), ":most": {"N": str(MAX_LINKS)}},
    )


def remove_link(media_id: str, link_id: str) -> None:
    """Remove a share link. Raises LinkNotFoundError."""
    revocation_id = new_id()
    try:
        update_activity(
            media_id,
            "REMOVE links.#link SET revocation_id = :revocation_id",
            "attribute_exists(links.#link)",
            names={"#link": link_id},
            values={":revocation_id": {"S": revocation_id}},
        )
    except ActivityConditionError as failure:
        if failure.activity is None or failure.activity.revocation_id != revocation_id:
            raise LinkNotFoundError from failure


def remove_links(media_id: str) -> None:
    """Remove all share links, if any."""
    with contextlib.suppress(ActivityConditionError):  # a media that is not ready has no links
        update_activity(
            media_id,
            "SET #links = :none",
            "attribute_exists(id)",
            names={"#links": "links"},
            values={":none": {"M": {}}},
        )


def count_link_download(media_id: str, link_id: str, now: str) -> None:
    """Count a download by share link: for the link, for the media in total, and for its day.

    Raises LinkNotFoundError or LinkExpiredError, and counts nothing then.
    """
    try:
        count(media_id, now, link_id)
    except ActivityConditionError as failure:
        link = None if failure.activity is None else failure.activity.find_link(link_id)
        if link is None:
            raise LinkNotFoundError from failure
        if link.expires_at <= now:
            raise LinkExpiredError from failure
