"""Share links: kept in the item of their media, by the hash of their token, so that one write counts both."""

import hashlib
import secrets
from typing import Any

from media.errors import LinkExpiredError, LinkNotFoundError, MediaNotFoundError, TooManyLinksError
from media.model import Link, Media
from media.rules import MAX_LINKS, media_of_token
from media.store import COUNT, OWN, USABLE, Unmet, refusal, update_media, usable


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
    shared = update_media(
        media_id,
        "SET links.#link = :link",
        f"{OWN} AND {USABLE} AND size(links) < :most",
        names=names,
        values={**values, ":most": {"N": str(MAX_LINKS)}},
    )
    if isinstance(shared, Media):
        return shared
    refused = refusal(shared.media, owner, now)
    if shared.media is None or refused is not None:
        raise refused or MediaNotFoundError
    return _replace_expired(shared.media, link, names, values)


def _replace_expired(media: Media, link: Link, names: dict[str, str], values: dict[str, Any]) -> Media:
    expired = [each.token_hash for each in media.links if each.expires_at <= link.created_at]
    if not expired:
        raise TooManyLinksError(f"The media has {MAX_LINKS} links. Revoke one of them.")
    replaced = {f"#expired{number}": each for number, each in enumerate(expired)}
    places = [f"links.{name}" for name in replaced]
    update = f"SET links.#link = :link REMOVE {', '.join(places)}"
    all_there = " AND ".join(f"attribute_exists({place})" for place in places)
    shared = update_media(
        media.id, update, f"{OWN} AND {USABLE} AND {all_there}", names=names | replaced, values=values
    )
    if isinstance(shared, Unmet):
        return add_link(media.id, media.owner, link)  # another has taken the room meanwhile, or all of it is gone
    return shared


def remove_link(token: str, media_id: str, owner: str) -> None:
    """Remove a share link of one's own media. Raises MediaNotFoundError and LinkNotFoundError."""
    removed = update_media(
        media_id,
        "REMOVE links.#link",
        f"{OWN} AND attribute_exists(links.#link)",
        names={"#owner": "owner", "#link": token_hash(token)},
        values={":owner": {"S": owner}},
    )
    if isinstance(removed, Unmet):
        raise MediaNotFoundError if removed.media is None or removed.media.owner != owner else LinkNotFoundError


def count_link_download(token: str, now: str) -> Media:
    """Count a download by a share link: of the link, of the media, and of the day.

    Raises LinkNotFoundError and LinkExpiredError, and counts nothing.
    """
    media_id = media_of_token(token)
    link = token_hash(token)
    counted = update_media(
        media_id,
        f"{COUNT}, links.#link.downloads = links.#link.downloads + :one",
        f"links.#link.expires_at > :now AND {USABLE}",
        names={"#status": "status", "#link": link, "#day": now[:10]},
        values={**usable(now), ":one": {"N": "1"}, ":zero": {"N": "0"}},
    )
    if isinstance(counted, Media):
        return counted
    if counted.media is None or link not in {each.token_hash for each in counted.media.links}:
        raise LinkNotFoundError
    raise LinkExpiredError
