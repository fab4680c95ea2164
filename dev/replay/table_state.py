"""The state of tables and buckets: set up before a case, and compared after it."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.types import TypeDeserializer

from dev.application.demo_data import attribute_values
from dev.errors import DevError
from dev.replay.cases import ID_OF_ANSWER, MARK, Item, sha256
from dev.replay.matching import Difference, Words, as_json, differences, is_matcher
from dev.tables.items import write

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

type Key = tuple[Any, ...]
type Items = dict[str, dict[Key, Item]]
type Parts = Mapping[str, Iterable[str | None]]
"""By place: partition keys of a table, prefixes in a bucket; None is the whole place."""

type Expect = Mapping[str, Any]

_deserialize = TypeDeserializer().deserialize


class Stored(ABC):
    """Tables or buckets by logical id."""

    names: Mapping[str, str]

    def read(self, parts: Parts | None = None) -> Items:
        """Return the items in some parts by their keys; by default, every item of every place."""
        return {
            place: {self._key(place, item): item for part in of_place for item in self._items(place, part)}
            for place, of_place in (parts or self.everything).items()
        }

    def put(self, expect: Expect) -> Items:
        """Put the given items of a case, and return them as they will be read."""
        items = {place: [self.normal(item) for item in expect.get("given", {}).get(place, [])] for place in self.names}
        self._put(items)
        return {place: {self._key(place, item): item for item in of_place} for place, of_place in items.items()}

    @abstractmethod
    def key_names(self, place: str) -> tuple[str, ...]:
        """Return the names of the attributes that are the key of an item."""

    @property
    def everything(self) -> Parts:
        """All of every place."""
        return {place: {None} for place in self.names}

    def parts(self, expect: Expect, mark: str) -> Parts:
        """Return the parts of each place that a case names: its partitions of tables, its prefixes in buckets."""
        return {place: {self._part(key[0], mark) for key in self._named(place, expect)} for place in self.names}

    def check(self, expect: Expect, mark: str) -> None:
        """Raises DevError for a key in an expectation that is not the case's own."""
        hashes = {sha256(text) for text in expect.get("hashes", []) if mark in text}
        for place in self.names:
            for key in self._named(place, expect):
                part = self._part(key[0], mark)
                if mark not in part and ID_OF_ANSWER not in part and part not in hashes:
                    raise DevError(f"{place} {key} is not a key of this case alone. Put {MARK} into its id")

    @abstractmethod
    def remove(self, parts: Parts, found: Items) -> None:
        """Remove the items in parts of the places. `found` is their current state."""

    def problems(self, before: Items, after: Items, expect: Expect) -> list[Difference]:
        """Return the differences between the actual and the expected changes."""
        found: list[Difference] = []
        for place in before:
            unexpected = _changed(before[place], after[place])
            for change in expect.get("changes", {}).get(place, []):
                named = self._key(place, change["key"])
                changed = {key for key in unexpected if stands_for(named, key)}
                unexpected -= changed
                if len(changed) != 1:
                    actual = Words(f"{len(changed)} changes" if changed else "unchanged")
                    found.append(Difference(_where(place, named), _state(change["after"]), actual))
                for key in changed:
                    found += differences(_state(change["after"]), _state(after[place].get(key)), _where(place, key))
            for key in unexpected:
                found.append(Difference(_where(place, key), Words("unchanged"), _state(after[place].get(key))))
        return found

    def changes(self, before: Items, after: Items) -> Iterator[tuple[str, Any, Any]]:
        """Yield each changed item, and what changed in it: attributes before and after, or Words."""
        for place in before:
            for key in sorted(_changed(before[place], after[place]), key=str):
                old, new = before[place].get(key), after[place].get(key)
                if old is not None and new is not None:
                    names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
                    old, new = ({name: item[name] for name in names if name in item} for item in (old, new))
                yield _where(place, key), Words("absent") if old is None else old, _state(new)

    def _named(self, place: str, expect: Expect) -> Iterator[Key]:
        """Yield the keys, with matchers in them, that a case names in one place."""
        given = expect.get("given", {}).get(place, [])
        changes = expect.get("changes", {}).get(place, [])
        for item in [*given, *(change["key"] for change in changes)]:
            yield self._key(place, item)

    def _key(self, place: str, item: Mapping[str, Any]) -> Key:
        try:
            return tuple(item[name] for name in self.key_names(place))
        except KeyError as error:
            raise DevError(f"An item of {place} has no {error.args[0]}: {item}") from error

    def normal(self, item: Item) -> Item:
        """Return a given item as it will be read."""
        return item

    @abstractmethod
    def _part(self, named: Any, mark: str) -> str:
        """Return the part of a place that a case's key is in. Raises DevError for a key without one."""

    @abstractmethod
    def _items(self, place: str, part: str | None) -> Iterable[Item]: ...

    @abstractmethod
    def _put(self, items: Mapping[str, Iterable[Item]]) -> None: ...


@dataclass(frozen=True)
class Tables(Stored):
    """Tables. `keys` contains the names of the key attributes, partition key first."""

    dynamodb: "DynamoDBClient"
    names: Mapping[str, str]
    keys: Mapping[str, tuple[str, ...]]

    def key_names(self, place: str) -> tuple[str, ...]:
        return self.keys[place]

    def _part(self, named: Any, mark: str) -> str:  # noqa: ARG002 - a partition is the whole key
        if is_matcher(named):
            raise DevError(f"The partition key of a table cannot be a matcher, such as {named}. Name the key")
        return str(named)

    def _items(self, place: str, part: str | None) -> Iterator[Item]:
        request: dict[str, Any] = {"TableName": self.names[place], "ConsistentRead": True}
        operation = "scan"
        if part is not None:
            operation = "query"
            request |= {
                "KeyConditionExpression": "#partition = :partition",
                "ExpressionAttributeNames": {"#partition": self.keys[place][0]},
                "ExpressionAttributeValues": {":partition": {"S": part}},
            }
        pages = self.dynamodb.get_paginator(operation).paginate(**request)  # type: ignore[call-overload]
        for item in (item for page in pages for item in page["Items"]):
            yield deserialized(item)

    def _put(self, items: Mapping[str, Iterable[Item]]) -> None:
        puts = {place: [{"PutRequest": {"Item": attribute_values(item)}} for item in items[place]] for place in items}
        self._write(puts)

    def remove(self, parts: Parts, found: Items) -> None:  # noqa: ARG002 - what was found is all
        """Delete the items found."""
        self._write(
            {
                place: [{"DeleteRequest": {"Key": self._attribute_values_of(place, key)}} for key in items]
                for place, items in found.items()
            }
        )

    def delete(self, place: str, key: Key) -> None:
        """Delete an item."""
        self._write({place: [{"DeleteRequest": {"Key": self._attribute_values_of(place, key)}}]})

    def _write(self, requests: Mapping[str, Iterable[Any]]) -> None:
        write(self.dynamodb, {self.names[place]: of_place for place, of_place in requests.items()})

    def _attribute_values_of(self, place: str, key: Key) -> dict[str, Any]:
        return attribute_values(dict(zip(self.keys[place], key, strict=True)))


def _changed(before: Mapping[Key, Item], after: Mapping[Key, Item]) -> set[Key]:
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


def _where(place: str, key: Key) -> str:
    return f"{place} {' / '.join(each if isinstance(each, str) else as_json(each) for each in key)}"


def _state(item: Item | None) -> Any:
    return Words("deleted") if item is None else item


def stands_for(named: Key, key: Key) -> bool:
    """Whether a key is the one that a case names, or matches it."""
    return next(differences(list(named), list(key), "key"), None) is None


def deserialized(item: Mapping[str, Any]) -> Item:
    """Return an item of DynamoDB's API."""
    return {name: _deserialize(value) for name, value in item.items()}
