"""What buckets hold: objects as items."""

import base64
import contextlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from mypy_boto3_s3 import S3Client

from dev.errors import DevError
from dev.replay.cases import Item
from dev.replay.table_state import Expect, Key, Stored, stands_for

OBJECT_KEY = ("key",)
"""An object is an item too: its JSON with its key as `key`. Other content is in `base64`, beside `content_type`."""

_ANY_CONTENT = "binary/octet-stream"
"""What S3 calls content that nobody gave a type."""


@dataclass(frozen=True)
class Buckets(Stored):
    """Versioned buckets. Where others write at the same time a case sees only what it names."""

    s3: S3Client
    names: Mapping[str, str]
    others_write: bool = False
    only: Mapping[str, set[Key]] | None = None
    _versions: dict[str, str] = field(default_factory=dict)

    def seen_by(self, expect: Expect) -> "Buckets":
        """Return the buckets as a case sees them."""
        only = {place: self.named(place, expect) for place in self.names} if self.others_write else None
        return replace(self, only=only, _versions={})

    def version(self, key: str) -> str:
        """Return the version that an object got when it was put here. Raises DevError for others.

        Not the current one: a function that S3 tells of each object may have deleted it already.
        """
        if key not in self._versions:
            raise DevError(f"No object is given under {key}, so it has no version")
        return self._versions[key]

    def _key_names(self, place: str) -> tuple[str, ...]:  # noqa: ARG002 - the same for all
        return OBJECT_KEY

    def normal(self, item: Item) -> Item:
        return {"content_type": _ANY_CONTENT} | item if "base64" in item else item

    def _items(self, place: str) -> Iterable[Item]:
        for page in self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.names[place]):
            for key in (summary["Key"] for summary in page.get("Contents", [])):
                if self.only is None or any(stands_for(named, (key,)) for named in self.only[place]):
                    with contextlib.suppress(self.s3.exceptions.NoSuchKey):  # gone meanwhile
                        yield self._item(place, key)

    def _item(self, place: str, key: str) -> Item:
        answer = self.s3.get_object(Bucket=self.names[place], Key=key)
        body = answer["Body"].read()
        with contextlib.suppress(ValueError):
            content = json.loads(body, parse_float=Decimal)
            if isinstance(content, dict):
                return {"key": key, **content}
        return {"key": key, "base64": base64.b64encode(body).decode(), "content_type": answer["ContentType"]}

    def _put(self, place: str, item: Item) -> None:
        if "base64" in item:
            body, content_type = base64.b64decode(item["base64"]), item["content_type"]
        else:
            content = {name: value for name, value in item.items() if name != "key"}
            body, content_type = json.dumps(content, default=float).encode(), "application/json"
        answer = self.s3.put_object(Bucket=self.names[place], Key=item["key"], Body=body, ContentType=content_type)
        self._versions[item["key"]] = answer.get("VersionId", "null")

    def delete(self, place: str, key: Item) -> None:
        """Delete every version: a case leaves no trace."""
        for page in self.s3.get_paginator("list_object_versions").paginate(Bucket=self.names[place], Prefix=key["key"]):
            for version in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
                if version["Key"] == key["key"]:
                    self.s3.delete_object(Bucket=self.names[place], Key=key["key"], VersionId=version["VersionId"])
