"""The media, its activity and its share links: fields, types, statuses, and DynamoDB items. No AWS."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from shared.clock import epoch_seconds

TEXT = "text/plain"
EXTENSIONS = {
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "application/pdf": (".pdf",),
    "video/mp4": (".mp4",),
    TEXT: (".txt",),
}
"""All accepted types, with the extensions that a file of the type can be saved under. The first one is the default."""

IMAGES = {content_type for content_type in EXTENSIONS if content_type.startswith("image/")}
CLEANED = {"image/jpeg", "image/png", "image/webp"}
"""Images that share links lead to without their metadata."""

SHOWN = (
    *("id", "name", "caption", "filename", "content_type", "size", "sha256", "status", "reason"),
    *("width", "height", "created_at", "expires_at"),
)
"""Fields of a media that its owner sees. The index contains them."""

PENDING, READY, REJECTED = "pending", "ready", "rejected"

MAX_FILENAME_BYTES = 255

_ACTIVITY = "#activity"


@dataclass(frozen=True, slots=True)
class Link:
    """A share link. Its token is not stored. `id` is the SHA-256 of the token, which does not open the link."""

    id: str
    created_at: str
    expires_at: str
    downloads: int = 0

    @classmethod
    def from_item(cls, link_id: str, value: Mapping[str, Any]) -> "Link":
        """Return the link in a value of the item's `links` map."""
        link = value["M"]
        return cls(link_id, link["created_at"]["S"], link["expires_at"]["S"], int(link["downloads"]["N"]))

    def to_item(self) -> dict[str, Any]:
        """Return the value of the link in the item's `links` map."""
        return {
            "M": {
                "created_at": {"S": self.created_at},
                "expires_at": {"S": self.expires_at},
                "downloads": {"N": str(self.downloads)},
            }
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """The metadata of a file. Times are RFC 3339 UTC. `size` is in bytes, `width` and `height` are in pixels.

    `content_type` and `sha256` come from the client while the media is pending, and from the content afterwards.
    `sha256` is None if it is unknown or unconfirmed. `version_id` is the S3 version of the file. `shared_key` is the S3
    key of a copy without metadata, or None if share links lead to the file itself. Media of a list have none of these
    keys and versions.
    """

    id: str
    owner: str
    name: str
    caption: str
    filename: str
    content_type: str
    size: int
    status: str
    created_at: str
    expires_at: str
    object_key: str = ""
    sha256: str | None = None
    reason: str | None = None
    version_id: str | None = None
    thumbnail_key: str | None = None
    shared_key: str | None = None
    width: int | None = None
    height: int | None = None

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> "Media":
        """Return the media in a DynamoDB item."""
        return cls(**{each.name: _from_attribute(item[each.name]) for each in fields(cls) if each.name in item})

    def to_item(self) -> dict[str, Any]:
        """Return the DynamoDB item, with `ttl`: the expiry in seconds since 1970."""
        item: dict[str, Any] = {name: _to_attribute(value) for name, value in asdict(self).items() if value is not None}
        return item | {"ttl": {"N": str(epoch_seconds(self.expires_at))}}

    def to_json(self, api_url: str, *, downloads: int = 0, thumbnail_url: str | None = None) -> dict[str, Any]:
        """Return what the owner sees: everything but the location in the bucket."""
        return {name: getattr(self, name) for name in SHOWN} | {
            "downloads": downloads,
            "download_url": f"{api_url}/media/{self.id}/download" if self.status == READY else None,
            "thumbnail_url": thumbnail_url,
            "shared_with_metadata": self.content_type not in {TEXT, *CLEANED},
        }

    @property
    def saved_as(self) -> str:
        """The filename of a download: with an extension of the content type, and at most 255 bytes long.

        File systems accept no longer names, and S3 limits the size of presigned URLs and object metadata.
        """
        extensions = EXTENSIONS[self.content_type]
        name = self.filename.replace(":", "_").rstrip(". ")  # Windows drops these, and text after a colon
        _, dot, last = name.rpartition(".")
        extension = dot + last if dot + last.lower() in extensions else extensions[0]
        stem = (name.removesuffix(extension).strip() or "file").encode()[: MAX_FILENAME_BYTES - len(extension)]
        return stem.decode(errors="ignore") + extension


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """The download counts and the share links of a media that is ready, in an item of its own.

    `ttl` is the media's expiry in seconds since 1970. `by_day` maps days in UTC to numbers of downloads.
    `revocation_id` is the random id of the last revocation.
    """

    media_id: str
    ttl: int
    downloads: int = 0
    by_day: Mapping[str, int] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    revocation_id: str | None = None

    @classmethod
    def of(cls, media: Media) -> "Activity":
        """Return the activity of a media that has become ready."""
        return cls(media_id=media.id, ttl=epoch_seconds(media.expires_at))

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> "Activity":
        """Return the activity in a DynamoDB item. Days and links are in chronological order."""
        links = (Link.from_item(link_id, value) for link_id, value in item["links"]["M"].items())
        return cls(
            media_id=item["id"]["S"].removesuffix(_ACTIVITY),
            ttl=int(item["ttl"]["N"]),
            downloads=int(item["downloads"]["N"]),
            by_day={day: int(value["N"]) for day, value in sorted(item["by_day"]["M"].items())},
            links=tuple(sorted(links, key=lambda link: link.created_at)),
            revocation_id=item.get("revocation_id", {}).get("S"),
        )

    def to_item(self) -> dict[str, Any]:
        """Return the DynamoDB item, without ids of writes."""
        return activity_key(self.media_id) | {
            "ttl": {"N": str(self.ttl)},
            "downloads": {"N": str(self.downloads)},
            "by_day": {"M": {day: {"N": str(count)} for day, count in self.by_day.items()}},
            "links": {"M": {link.id: link.to_item() for link in self.links}},
        }

    def find_link(self, link_id: str) -> Link | None:
        """Return a share link, expired or not. Returns None if the media does not have it."""
        return next((link for link in self.links if link.id == link_id), None)


def activity_key(media_id: str) -> dict[str, Any]:
    """Return the key of the activity of a media."""
    return {"id": {"S": media_id + _ACTIVITY}}


def _to_attribute(value: str | int) -> dict[str, str]:
    return {"N": str(value)} if isinstance(value, int) else {"S": value}


def _from_attribute(value: Mapping[str, Any]) -> Any:
    return int(value["N"]) if "N" in value else value.get("S")
