"""The state of tables and buckets: set up before a case, and compared after it."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dev.application.demo_data import attribute_values, item_of
from dev.errors import DevError
from dev.replay.cases import ID_OF_ANSWER, MARK, Item, sha256
from dev.replay.matching import Difference, Words, as_json, differences, is_matcher
from dev.tables.items import write

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

type Key = tuple[Any, ...]
type Items = dict[str, dict[Key, Item]]
type Parts = Mapping[str, Iterable[str | None]]
"""By store: partition keys of a table, prefixes in a bucket; None is the whole store."""

type Expect = Mapping[str, Any]


class Stored(ABC):
    """Tables or buckets by logical id. Each one is a store."""

    names: Mapping[str, str]

    def read(self, parts: Parts | None = None) -> Items:
        """Return the items in some parts by their keys; by default, every item of every store."""
        return {
            store: {self._key(store, item): item for part in of_store for item in self._items(store, part)}
            for store, of_store in (parts or self.everything).items()
        }

    def put(self, expect: Expect) -> Items:
        """Put the given items of a case, and return them as they will be read."""
        items = {store: [self.normal(item) for item in expect.get("given", {}).get(store, [])] for store in self.names}
        self._put(items)
        return {store: {self._key(store, item): item for item in of_store} for store, of_store in items.items()}

    @abstractmethod
    def key_names(self, store: str) -> tuple[str, ...]:
        """Return the names of the attributes that are the key of an item."""

    @property
    def everything(self) -> Parts:
        """Every store as a whole."""
        return {store: {None} for store in self.names}

    def parts(self, expect: Expect, mark: str) -> Parts:
        """Return the parts of each store that a case names: its partitions of tables, its prefixes in buckets."""
        return {store: {self._part(key[0], mark) for key in self._named(store, expect)} for store in self.names}

    def check(self, expect: Expect, mark: str) -> None:
        """Raise DevError for a key in an expectation that is not the case's own."""
        hashes = {sha256(text) for text in expect.get("hashes", []) if mark in text}
        for store in self.names:
            for key in self._named(store, expect):
                part = self._part(key[0], mark)
                if mark not in part and ID_OF_ANSWER not in part and part not in hashes:
                    raise DevError(f"Other cases may use the key {key} of {store}. Put {MARK} into its id.")

    @abstractmethod
    def remove(self, parts: Parts, found: Items) -> None:
        """Remove the items in parts of the stores. `found` is their current state."""

    def problems(self, before: Items, after: Items, expect: Expect) -> list[Difference]:
        """Return the differences between the actual and the expected changes."""
        found: list[Difference] = []
        for store in before:
            unexpected = _changed(before[store], after[store])
            for change in expect.get("changes", {}).get(store, []):
                named = self._key(store, change["key"])
                changed = {key for key in unexpected if stands_for(named, key)}
                unexpected -= changed
                if len(changed) != 1:
                    actual = Words(f"{len(changed)} changes" if changed else "unchanged")
                    found.append(Difference(_where(store, named), _state(change["after"]), actual))
                for key in changed:
                    found += differences(_state(change["after"]), _state(after[store].get(key)), _where(store, key))
            for key in unexpected:
                found.append(Difference(_where(store, key), Words("unchanged"), _state(after[store].get(key))))
        return found

    def changes(self, before: Items, after: Items) -> Iterator[tuple[str, Any, Any]]:
        """Yield each changed item, and what changed in it: attributes before and after, or Words."""
        for store in before:
            for key in sorted(_changed(before[store], after[store]), key=str):
                old, new = before[store].get(key), after[store].get(key)
                if old is not None and new is not None:
                    names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
                    old, new = ({name: item[name] for name in names if name in item} for item in (old, new))
                yield _where(store, key), Words("absent") if old is None else old, _state(new)

    def _named(self, store: str, expect: Expect) -> Iterator[Key]:
        """Yield the keys, with matchers in them, that a case names in one store."""
        given = expect.get("given", {}).get(store, [])
        changes = expect.get("changes", {}).get(store, [])
        for item in [*given, *(change["key"] for change in changes)]:
            yield self._key(store, item)

    def _key(self, store: str, item: Mapping[str, Any]) -> Key:
        try:
            return tuple(item[name] for name in self.key_names(store))
        except KeyError as error:
            raise DevError(f"An item of {store} has no {error.args[0]}: {item}") from error

    def normal(self, item: Item) -> Item:
        """Return a given item as it will be read."""
        return item

    @abstractmethod
    def _part(self, named: Any, mark: str) -> str:
        """Return the part of a store that a case's key is in. Raises DevError for a key without one."""

    @abstractmethod
    def _items(self, store: str, part: str | None) -> Iterable[Item]: ...

    @abstractmethod
    def _put(self, items: Mapping[str, Iterable[Item]]) -> None: ...


@dataclass(frozen=True)
class Tables(Stored):
    """Tables. `keys` contains the names of the key attributes, partition key first."""

    dynamodb: "DynamoDBClient"
    names: Mapping[str, str]
    keys: Mapping[str, tuple[str, ...]]

    def key_names(self, store: str) -> tuple[str, ...]:
        return self.keys[store]

    def _part(self, named: Any, mark: str) -> str:  # noqa: ARG002 - a partition is the whole key
        if is_matcher(named):
            raise DevError(f"The partition key of a table cannot be a matcher, such as {named}. Name the key")
        return str(named)

    def _items(self, store: str, part: str | None) -> Iterator[Item]:
        request: dict[str, Any] = {"TableName": self.names[store], "ConsistentRead": True}
        operation = "scan"
        if part is not None:
            operation = "query"
            request |= {
                "KeyConditionExpression": "#partition = :partition",
                "ExpressionAttributeNames": {"#partition": self.keys[store][0]},
                "ExpressionAttributeValues": {":partition": {"S": part}},
            }
        pages = self.dynamodb.get_paginator(operation).paginate(**request)  # type: ignore[call-overload]
        for item in (item for page in pages for item in page["Items"]):
            yield item_of(item)

    def _put(self, items: Mapping[str, Iterable[Item]]) -> None:
        puts = {store: [{"PutRequest": {"Item": attribute_values(item)}} for item in items[store]] for store in items}
        self._write(puts)

    def remove(self, parts: Parts, found: Items) -> None:  # noqa: ARG002 - what was found is all
        """Delete the items found."""
        self._write(
            {
                store: [{"DeleteRequest": {"Key": self._attribute_values_of(store, key)}} for key in items]
                for store, items in found.items()
            }
        )

    def delete(self, store: str, key: Key) -> None:
        """Delete an item."""
        self._write({store: [{"DeleteRequest": {"Key": self._attribute_values_of(store, key)}}]})

    def _write(self, requests: Mapping[str, Iterable[Any]]) -> None:
        write(self.dynamodb, {self.names[store]: of_store for store, of_store in requests.items()})

    def _attribute_values_of(self, store: str, key: Key) -> dict[str, Any]:
        return attribute_values(dict(zip(self.keys[store], key, strict=True)))


def _changed(before: Mapping[Key, Item], after: Mapping[Key, Item]) -> set[Key]:
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


def _where(store: str, key: Key) -> str:
    return f"{store} {' / '.join(each if isinstance(each, str) else as_json(each) for each in key)}"


def _state(item: Item | None) -> Any:
    return Words("deleted") if item is None else item


def stands_for(named: Key, key: Key) -> bool:
    """Return whether a key is the one that a case names, or matches it."""
    return next(differences(list(named), list(key), "key"), None) is None
