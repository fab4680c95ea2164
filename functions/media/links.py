"""Share links: kept in the item of their media, by the hash of their token, so that one write counts both."""

import hashlib
import secrets
from typing import Any

from media.errors import LinkExpiredError, LinkNotFoundError, MediaNotFoundError, TooManyLinksError
from media.model import Link, Media
from media.rules import MAX_LINKS, media_of_token
from media.store import COUNT, OWN, USABLE, item_that_failed_the_condition, refusal, update_media, usable
from shared.aws import ClientError


def new_token(media_id: str) -> str:
    """Return a token that cannot be guessed: the media's id and 256 random bits."""
    return media_id + secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Return what is kept of a token: whoever reads the table cannot follow a link."""
    return hashlib.sha256(token.encode()).hexdigest()


def add_link(media_id: str, owner: str, link: Link) -> Media:
    """Add a share link, and return its media; where there are too many, those that have expired make room.

    Raises MediaNotFoundError, MediaNotReadyError, MediaExpiredError and TooManyLinksError.
    """
    now = link.created_at
    names = {"#owner": "owner", "#status": "status", "#link": link.token_hash}
    values = {":owner": {"S": owner}, **usable(now), ":link": link.to_item()}
    try:
        return update_media(
            media_id,
            "SET links.#link = :link",
            f"{OWN} AND {USABLE} AND size(links) < :most",
            names=names,
            values={**values, ":most": {"N": str(MAX_LINKS)}},
        )
    except ClientError as error:
        existing = item_that_failed_the_condition(error)
        refused = refusal(existing, owner, now)
        if existing is None or refused is not None:
            raise refused or MediaNotFoundError from error
        return _replace_expired(existing, link, names, values)


def _replace_expired(media: Media, link: Link, names: dict[str, str], values: dict[str, Any]) -> Media:
    expired = [each.token_hash for each in media.links if each.expires_at <= link.created_at]
    if not expired:
        raise TooManyLinksError(f"The media has {MAX_LINKS} links. Revoke one of them.")
    replaced = {f"#expired{number}": each for number, each in enumerate(expired)}
    places = [f"links.{name}" for name in replaced]
    update = f"SET links.#link = :link REMOVE {', '.join(places)}"
    all_there = " AND ".join(f"attribute_exists({place})" for place in places)
    try:
        return update_media(
            media.id, update, f"{OWN} AND {USABLE} AND {all_there}", names=names | replaced, values=values
        )
    except ClientError as error:
        item_that_failed_the_condition(error)
        return add_link(media.id, media.owner, link)  # another has taken the room meanwhile, or all of it is gone


def remove_link(token: str, media_id: str, owner: str) -> None:
    """Remove a share link of one's own media. Raises MediaNotFoundError and LinkNotFoundError."""
    try:
        update_media(
            media_id,
            "REMOVE links.#link",
            f"{OWN} AND attribute_exists(links.#link)",
            names={"#owner": "owner", "#link": token_hash(token)},
            values={":owner": {"S": owner}},
        )
    except ClientError as error:
        existing = item_that_failed_the_condition(error)
        raise (MediaNotFoundError if existing is None or existing.owner != owner else LinkNotFoundError) from error


def count_link_download(token: str, now: str) -> Media:
    """Count a download by a share link: of the link, of the media, and of the day.

    Raises LinkNotFoundError and LinkExpiredError, and counts nothing.
    """
    media_id = media_of_token(token)
    link = token_hash(token)
    try:
        return update_media(
            media_id,
            f"{COUNT}, links.#link.downloads = links.#link.downloads + :one",
            f"links.#link.expires_at > :now AND {USABLE}",
            names={"#status": "status", "#link": link, "#day": now[:10]},
            values={**usable(now), ":one": {"N": "1"}, ":zero": {"N": "0"}},
        )
    except ClientError as error:
        existing = item_that_failed_the_condition(error)
        if existing is None or link not in {each.token_hash for each in existing.links}:
            raise LinkNotFoundError from error
        raise LinkExpiredError from error
