"""The state of buckets, with objects as items."""

import base64
import contextlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from dev.errors import DevError
from dev.replay.cases import Item
from dev.replay.matching import pattern_or_text
from dev.replay.table_state import Items, Parts, Stored

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

OBJECT_KEY = ("key",)
"""An object is an item too: its JSON with its key as `key`. Other content is in `base64`, beside `content_type`."""

_ANY_CONTENT = "binary/octet-stream"
"""Default content type of S3."""


@dataclass(frozen=True)
class Buckets(Stored):
    """Versioned buckets."""

    s3: "S3Client"
    names: Mapping[str, str]
    _versions: dict[str, str] = field(default_factory=dict)

    def version(self, key: str) -> str:
        """Return the version of the object that this case put last. Raises DevError for any other key.

        Not the current one: a function that S3 notifies of each object may have deleted it already.
        """
        if key not in self._versions:
            raise DevError(f"No object is given under {key}, so it has no version. Add the object under given.")
        return self._versions[key]

    def key_names(self, store: str) -> tuple[str, ...]:  # noqa: ARG002 - the same for all
        return OBJECT_KEY

    def normal(self, item: Item) -> Item:
        return {"content_type": _ANY_CONTENT} | item if "base64" in item else item

    def _part(self, named: Any, mark: str) -> str:
        """Return the prefix that ends with the case's first id in a key, or in a pattern."""
        before, id_end, _ = pattern_or_text(named).partition(mark)
        return before + id_end

    def _items(self, store: str, part: str | None) -> Iterator[Item]:
        for page in self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.names[store], Prefix=part or ""):
            for summary in page.get("Contents", []):
                with contextlib.suppress(self.s3.exceptions.NoSuchKey):  # deleted since it was listed
                    yield self._item(store, summary["Key"])

    def _item(self, store: str, key: str) -> Item:
        body, content_type = self._content(store, key)
        with contextlib.suppress(ValueError):
            content = json.loads(body, parse_float=Decimal)
            if isinstance(content, dict):
                return {"key": key, **content}
        return {"key": key, "base64": base64.b64encode(body).decode(), "content_type": content_type}

    def _content(self, store: str, key: str) -> tuple[bytes, str]:
        """Return the content of an object, and its type."""
        answer = self.s3.get_object(Bucket=self.names[store], Key=key)
        return answer["Body"].read(), answer["ContentType"]

    def _put(self, items: Mapping[str, Iterable[Item]]) -> None:
        for store, of_store in items.items():
            for item in of_store:
                self._put_object(store, item)

    def _put_object(self, store: str, item: Item) -> None:
        if "base64" in item:
            body, content_type = base64.b64decode(item["base64"]), item["content_type"]
        else:
            content = {name: value for name, value in item.items() if name != "key"}
            body, content_type = json.dumps(content, default=float).encode(), "application/json"
        self._versions[item["key"]] = self._new_version(store, item["key"], body, content_type)

    def _new_version(self, store: str, key: str, body: bytes, content_type: str) -> str:
        """Put an object, and return the id of its version."""
        answer = self.s3.put_object(Bucket=self.names[store], Key=key, Body=body, ContentType=content_type)
        return answer.get("VersionId", "null")

    def remove(self, parts: Parts, found: Items) -> None:  # noqa: ARG002 - deleted objects have versions too
        """Delete every version of every object in some parts of the buckets."""
        for store, prefixes in parts.items():
            for prefix in prefixes:
                for key, version in self.versions(store, prefix or ""):
                    self.delete(store, key, version)
                    self._versions.pop(key, None)

    def versions(self, store: str, prefix: str = "") -> Iterator[tuple[str, str]]:
        """Yield key and id of every version and delete marker."""
        pages = self.s3.get_paginator("list_object_versions").paginate(Bucket=self.names[store], Prefix=prefix)
        for page in pages:
            for version in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
                yield version["Key"], version["VersionId"]

    def delete(self, store: str, key: str, version: str) -> None:
        """Delete one version of an object."""
        self.s3.delete_object(Bucket=self.names[store], Key=key, VersionId=version)
