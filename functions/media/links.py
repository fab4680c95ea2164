"""Share links: access patterns of the media table, and tokens.

A link is part of its media's item, under its id, so that one write counts a download of both.
"""

import hashlib
import secrets
from typing import Any

from media.errors import LinkExpiredError, LinkNotFoundError, MediaNotFoundError, TooManyLinksError
from media.model import Link, Media
from media.store import COUNT, OWN, USABLE, ConditionFailedError, check_usable, update_media, usable_values
from media.validation import MAX_LINKS, media_id_from_token


def new_token(media_id: str) -> str:
    """Return a token that cannot be guessed: the media's id and 256 random bits."""
    return media_id + secrets.token_urlsafe(32)


def link_id(token: str) -> str:
    """Return the id of a token's link. It is a hash, so an id or read access to the table cannot open a link."""
    return hashlib.sha256(token.encode()).hexdigest()


def add_link(media_id: str, owner: str, link: Link) -> Media:
    """Add a share link and return its media. If the media is full, expired links are removed in the same write.

    Raises MediaNotFoundError, MediaNotReadyError, MediaExpiredError or TooManyLinksError. Two attempts are enough: the
    first one finds out which links have expired. The second one fails only if new links have replaced all of them.
    """
    expired: list[str] = []
    for _ in range(2):
        try:
            return _put_link(media_id, owner, link, expired)
        except ConditionFailedError as failure:
            media = check_usable(failure.media, owner, link.created_at)
        if link.id in {each.id for each in media.links}:
            return media  # the SDK repeated the write, because the response to the first attempt was lost
        expired = [each.id for each in media.links if each.expires_at <= link.created_at]
    raise TooManyLinksError(f"The media has {MAX_LINKS} links. Revoke one of them.")


def _put_link(media_id: str, owner: str, link: Link, expired: list[str]) -> Media:
    """Add a link, and remove `expired` ones. Raises ConditionFailedError if that would be more than MAX_LINKS links.

    A media never has more than MAX_LINKS links, so removing one of them makes enough room.
    """
    removed = {f"#expired{number}": each for number, each in enumerate(expired)}
    has_room = " OR ".join(["size(links) < :most", *(f"attribute_exists(links.{name})" for name in removed)])
    remove = f" REMOVE {', '.join(f'links.{name}' for name in removed)}" if removed else ""
    return update_media(
        media_id,
        f"SET links.#link = :link{remove}",
        f"{OWN} AND {USABLE} AND ({has_room})",
        names={"#owner": "owner", "#status": "status", "#link": link.id} | removed,
        values={
            ":owner": {"S": owner},
            **usable_values(link.created_at),
            ":link": link.to_item(),
            ":most": {"N": str(MAX_LINKS)},
        },
    )


def remove_link(link_id: str, media_id: str, owner: str) -> None:
    """Remove a share link of the owner's media. Raises MediaNotFoundError and LinkNotFoundError."""
    try:
        update_media(
            media_id,
            "REMOVE links.#link",
            f"{OWN} AND attribute_exists(links.#link)",
            names={"#owner": "owner", "#link": link_id},
            values={":owner": {"S": owner}},
        )
    except ConditionFailedError as failure:
        if failure.media is None or failure.media.owner != owner:
            raise MediaNotFoundError from failure
        raise LinkNotFoundError from failure


def remove_links(media_id: str, owner: str) -> None:
    """Remove all share links of the owner's media. Raises MediaNotFoundError."""
    try:
        update_media(
            media_id,
            "SET links = :none",
            OWN,
            names={"#owner": "owner"},
            values={":owner": {"S": owner}, ":none": {"M": {}}},
        )
    except ConditionFailedError as failure:
        raise MediaNotFoundError from failure


def count_link_download(token: str, now: str) -> Media:
    """Count a download by share link: for the link, for the media in total, and for its day.

    Raises LinkNotFoundError or LinkExpiredError, and counts nothing then.
    """
    media_id, link = media_id_from_token(token), link_id(token)
    values: dict[str, Any] = {**usable_values(now), ":one": {"N": "1"}, ":zero": {"N": "0"}}
    try:
        return update_media(
            media_id,
            f"{COUNT}, links.#link.downloads = links.#link.downloads + :one",
            f"links.#link.expires_at > :now AND {USABLE}",
            names={"#status": "status", "#link": link, "#day": now[:10]},
            values=values,
        )
    except ConditionFailedError as failure:
        if failure.media is None or link not in {each.id for each in failure.media.links}:
            raise LinkNotFoundError from failure
        raise LinkExpiredError from failure
