"""What tables and buckets hold: as a case needs it before, and what changed in it after."""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from mypy_boto3_dynamodb import DynamoDBClient
from mypy_boto3_s3 import S3Client

from dev.cases import Item, differences
from dev.template import resources

BOOKKEEPING = {"IdempotencyTable"}
"""Emptied for a case, put back after it, and not compared: its keys are hashes."""

OBJECT_KEY = ("key",)
"""An object is an item too: its JSON, with its key as `key`."""

type Items = dict[str, dict[tuple[Any, ...], Item]]
type Expect = Mapping[str, Any]

_serialize = TypeSerializer().serialize
_deserialize = TypeDeserializer().deserialize


class Stored(ABC):
    """Tables or buckets by logical id, small enough to read whole."""

    names: Mapping[str, str]

    def read(self) -> Items:
        """Return every item by its key."""
        return {place: {self._key(place, item): item for item in self._items(place)} for place in self.names}

    def prepare(self, before: Items, expect: Expect) -> Items:
        """Make the places hold `given`, alone in the partitions that the case names. Returns all they hold."""
        prepared: Items = {}
        for place, items in before.items():
            given = expect.get("given", {}).get(place, [])
            partitions = {key[0] for key in self.named(place, expect)}
            prepared[place] = {
                key: item for key, item in items.items() if key[0] not in partitions and place not in BOOKKEEPING
            } | {self._key(place, item): item for item in given}
        self.write(before, prepared)
        return prepared

    def write(self, current: Items, wanted: Items) -> None:
        """Turn `current`, which the places hold, into `wanted`."""
        for place, items in wanted.items():
            for key in current[place].keys() - items.keys():
                self.delete(place, dict(zip(self._key_names(place), key, strict=True)))
            for key, item in items.items():
                if current[place].get(key) != item:
                    self._put(place, item)

    def problems(self, before: Items, after: Items, expect: Expect) -> list[str]:
        """Return where the change from `before` to `after` is not the one expected, in words."""
        found: list[str] = []
        for place in before.keys() - BOOKKEEPING:
            expected = {
                self._key(place, change["key"]): change["after"] for change in expect.get("changes", {}).get(place, [])
            }
            changed = {
                key
                for key in before[place].keys() | after[place].keys()
                if before[place].get(key) != after[place].get(key)
            }
            found += [
                f"{place} {key} changed unexpectedly to {after[place].get(key)}" for key in changed - expected.keys()
            ]
            found += [f"{place} {key} did not change" for key in expected.keys() - changed]
            for key in changed & expected.keys():
                found += differences(expected[key], after[place].get(key), f"{place} {key}")
        return found

    def named(self, place: str, expect: Expect) -> set[tuple[Any, ...]]:
        """Return the keys that a case names in one place."""
        given = expect.get("given", {}).get(place, [])
        changes = expect.get("changes", {}).get(place, [])
        return {self._key(place, item) for item in [*given, *(change["key"] for change in changes)]}

    def _key(self, place: str, item: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(item[name] for name in self._key_names(place))

    @abstractmethod
    def _key_names(self, place: str) -> tuple[str, ...]: ...

    @abstractmethod
    def _items(self, place: str) -> Iterable[Item]: ...

    @abstractmethod
    def _put(self, place: str, item: Item) -> None: ...

    @abstractmethod
    def delete(self, place: str, key: Item) -> None: ...


@dataclass(frozen=True)
class Tables(Stored):
    """Tables; `keys` holds the names of each one's key attributes, partition key first."""

    dynamodb: DynamoDBClient
    names: Mapping[str, str]
    keys: Mapping[str, tuple[str, ...]]

    def _key_names(self, place: str) -> tuple[str, ...]:
        return self.keys[place]

    def _items(self, place: str) -> Iterable[Item]:
        pages = self.dynamodb.get_paginator("scan").paginate(TableName=self.names[place], ConsistentRead=True)
        for item in (item for page in pages for item in page["Items"]):
            yield {attribute: _deserialize(value) for attribute, value in item.items()}

    def _put(self, place: str, item: Item) -> None:
        self.dynamodb.put_item(TableName=self.names[place], Item=_attribute_values(item))

    def delete(self, place: str, key: Item) -> None:
        self.dynamodb.delete_item(TableName=self.names[place], Key=_attribute_values(key))


@dataclass(frozen=True)
class Buckets(Stored):
    """Versioned buckets of JSON objects. Where others write at the same time a case sees only what it names."""

    s3: S3Client
    names: Mapping[str, str]
    others_write: bool = False
    only: Mapping[str, set[tuple[Any, ...]]] | None = None

    def seen_by(self, expect: Expect) -> "Buckets":
        """Return the buckets as a case sees them."""
        if not self.others_write:
            return self
        return replace(self, only={place: self.named(place, expect) for place in self.names})

    def _key_names(self, place: str) -> tuple[str, ...]:  # noqa: ARG002 - the same for all
        return OBJECT_KEY

    def _items(self, place: str) -> Iterable[Item]:
        for page in self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.names[place]):
            for key in (summary["Key"] for summary in page.get("Contents", [])):
                if self.only is None or (key,) in self.only[place]:
                    body = self.s3.get_object(Bucket=self.names[place], Key=key)["Body"].read()
                    yield {"key": key, **json.loads(body, parse_float=Decimal)}

    def _put(self, place: str, item: Item) -> None:
        content = {name: value for name, value in item.items() if name != "key"}
        self.s3.put_object(Bucket=self.names[place], Key=item["key"], Body=json.dumps(content, default=float).encode())

    def delete(self, place: str, key: Item) -> None:
        """Delete every version: a case leaves no trace."""
        for page in self.s3.get_paginator("list_object_versions").paginate(Bucket=self.names[place], Prefix=key["key"]):
            for version in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
                self.s3.delete_object(Bucket=self.names[place], Key=version["Key"], VersionId=version["VersionId"])


def key_names(template: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the key attributes of every table of a template."""
    return {
        name: tuple(
            key["AttributeName"] for key in sorted(body["Properties"]["KeySchema"], key=lambda key: key["KeyType"])
        )
        for name, body in resources(template, "AWS::DynamoDB::Table").items()
    }


def _attribute_values(item: Item) -> dict[str, Any]:
    return {name: _serialize(value) for name, value in item.items()}
