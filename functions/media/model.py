"""What a media is: its fields and its DynamoDB item. Pure; no AWS."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from media.rules import EXTENSIONS, READY

MAX_FILENAME_BYTES = 255


@dataclass(frozen=True, slots=True)
class Link:
    """A share link. `token_hash` is all that is kept of its token."""

    token_hash: str
    created_at: str
    expires_at: str
    downloads: int = 0

    @classmethod
    def from_item(cls, token_hash: str, value: Mapping[str, Any]) -> "Link":
        """Read a link from its value in the item's map."""
        link = value["M"]
        return cls(token_hash, link["created_at"]["S"], link["expires_at"]["S"], int(link["downloads"]["N"]))

    def to_item(self) -> dict[str, Any]:
        """Return the link as a value of the item's map."""
        return {
            "M": {
                "created_at": {"S": self.created_at},
                "expires_at": {"S": self.expires_at},
                "downloads": {"N": str(self.downloads)},
            }
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A file and the facts about it. Times are RFC 3339 UTC; sizes are bytes or pixels.

    `content_type` is declared while pending, and found in the content from then on; so is `sha256`, which is None
    where nobody vouches for it. `version_id` is S3's, of the one upload that counts. `by_day` maps days to downloads.
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
    object_key: str
    sha256: str | None = None
    reason: str | None = None
    version_id: str | None = None
    thumbnail_key: str | None = None
    width: int | None = None
    height: int | None = None
    downloads: int = 0
    by_day: Mapping[str, int] = field(default_factory=dict)
    links: tuple[Link, ...] = ()

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> "Media":
        """Read a media from DynamoDB attribute values."""
        plain = {each.name: _from_attribute(item[each.name]) for each in fields(cls) if each.name in item}
        plain["by_day"] = {day: int(value["N"]) for day, value in sorted(item["by_day"]["M"].items())}
        links = (Link.from_item(token_hash, value) for token_hash, value in item["links"]["M"].items())
        plain["links"] = tuple(sorted(links, key=lambda link: link.created_at))
        return cls(**plain)

    def to_item(self) -> dict[str, Any]:
        """Return the media as DynamoDB attribute values, with `ttl`: its expiry in seconds since 1970."""
        values = {each.name: getattr(self, each.name) for each in fields(self) if each.name not in {"by_day", "links"}}
        item: dict[str, Any] = {name: _to_attribute(value) for name, value in values.items() if value is not None}
        return item | {
            "ttl": {"N": str(epoch_seconds(self.expires_at))},
            "by_day": {"M": {day: {"N": str(count)} for day, count in self.by_day.items()}},
            "links": {"M": {link.token_hash: link.to_item() for link in self.links}},
        }

    def to_json(self, api_url: str, thumbnail_url: str | None = None) -> dict[str, Any]:
        """Return what its owner sees. Where it lies in the bucket is nobody's business."""
        shown = (
            *("id", "name", "caption", "filename", "content_type", "size", "sha256", "status", "reason"),
            *("width", "height", "created_at", "expires_at", "downloads"),
        )
        return {name: getattr(self, name) for name in shown} | {
            "download_url": f"{api_url}/media/{self.id}/download" if self.status == READY else None,
            "thumbnail_url": thumbnail_url,
        }

    @property
    def saved_as(self) -> str:
        """Filename for a download, with an extension of its type whatever the owner called it, in 255 bytes.

        More, file systems do not take, nor S3 in a link and in what it keeps of an object.
        """
        extensions = EXTENSIONS[self.content_type]
        extension = PurePosixPath(self.filename).suffix
        if extension.lower() not in extensions:
            extension = extensions[0]
        stem = self.filename.removesuffix(extension).encode()[: MAX_FILENAME_BYTES - len(extension)]
        return stem.decode(errors="ignore") + extension


def epoch_seconds(time: str) -> int:
    """Return a time as whole seconds since 1970, as DynamoDB's TTL takes it."""
    return int(datetime.fromisoformat(time).timestamp())


def _to_attribute(value: str | int) -> dict[str, str]:
    return {"N": str(value)} if isinstance(value, int) else {"S": value}


def _from_attribute(value: Mapping[str, Any]) -> Any:
    return int(value["N"]) if "N" in value else value.get("S")
