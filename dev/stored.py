"""What tables and buckets hold: as a case needs it before, and what changed in it after."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from mypy_boto3_dynamodb import DynamoDBClient

from dev.cases import Item, differences, is_pattern
from dev.template import resources

type Key = tuple[Any, ...]
type Items = dict[str, dict[Key, Item]]
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
        current: Items = {}
        prepared: Items = {}
        for place, items in before.items():
            given = {self._key(place, item): self.normal(item) for item in expect.get("given", {}).get(place, [])}
            partitions = {key[0] for key in self.named(place, expect) if not is_pattern(key[0])}
            prepared[place] = {key: item for key, item in items.items() if key[0] not in partitions} | given
            # What is given is put even where it is: an object gets a version of its own.
            current[place] = {key: item for key, item in items.items() if key not in given}
        self.write(current, prepared)
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
        for place in before:
            unexpected = {
                key
                for key in before[place].keys() | after[place].keys()
                if before[place].get(key) != after[place].get(key)
            }
            for change in expect.get("changes", {}).get(place, []):
                named = self._key(place, change["key"])
                changed = {key for key in unexpected if stands_for(named, key)}
                unexpected -= changed
                found += _problems_with_number(f"{place} {named}", len(changed))
                for key in changed:
                    found += differences(change["after"], after[place].get(key), f"{place} {key}")
            found += [f"{place} {key} changed unexpectedly to {after[place].get(key)}" for key in unexpected]
        return found

    def named(self, place: str, expect: Expect) -> set[Key]:
        """Return the keys, or patterns of them, that a case names in one place."""
        given = expect.get("given", {}).get(place, [])
        changes = expect.get("changes", {}).get(place, [])
        return {self._key(place, item) for item in [*given, *(change["key"] for change in changes)]}

    def _key(self, place: str, item: Mapping[str, Any]) -> Key:
        return tuple(item[name] for name in self._key_names(place))

    def normal(self, item: Item) -> Item:
        """Return a given item as it will be read."""
        return item

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


def key_names(template: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the key attributes of every table of a template."""
    return {
        name: tuple(
            key["AttributeName"] for key in sorted(body["Properties"]["KeySchema"], key=lambda key: key["KeyType"])
        )
        for name, body in resources(template, "AWS::DynamoDB::Table").items()
    }


def _problems_with_number(named: str, changed: int) -> Iterable[str]:
    if changed == 0:
        yield f"{named} did not change"
    if changed > 1:
        yield f"{named} stands for {changed} that changed"


def stands_for(named: Key, key: Key) -> bool:
    """Whether a key is the one that a case names, or like its pattern."""
    return next(differences(list(named), list(key), "key"), None) is None


def _attribute_values(item: Item) -> dict[str, Any]:
    return {name: _serialize(value) for name, value in item.items()}
