"""Tables as a case needs them before, and what changed in them after."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from mypy_boto3_dynamodb import DynamoDBClient

from dev.cases import Item, differences
from dev.errors import DevError
from dev.template import resources

BOOKKEEPING = {"IdempotencyTable"}
"""Emptied for a case, put back after it, and not compared: its keys are hashes."""

type Items = dict[str, dict[tuple[Any, ...], Item]]

_serialize = TypeSerializer().serialize
_deserialize = TypeDeserializer().deserialize


@dataclass(frozen=True)
class Tables:
    """Tables by logical id, of a stack whose data are small enough to scan."""

    dynamodb: DynamoDBClient
    names: Mapping[str, str]
    keys: Mapping[str, tuple[str, ...]]
    """Names of the key attributes, partition key first."""

    def read(self) -> Items:
        """Return every item of every table by its key."""
        return {
            table: {self._key(table, item): item for item in self._scan(name)} for table, name in self.names.items()
        }

    def prepare(self, before: Items, expect: Mapping[str, Any]) -> Items:
        """Make the tables hold `given`, alone in the partitions that the case names. Returns all they hold."""
        known = self.names.keys() - BOOKKEEPING
        if unknown := {*expect.get("given", {}), *expect.get("changes", {})} - known:
            raise DevError(f"No table {', '.join(sorted(unknown))} to compare. There are: {', '.join(sorted(known))}")
        prepared: Items = {}
        for table, items in before.items():
            given = expect.get("given", {}).get(table, [])
            named = [*given, *(change["key"] for change in expect.get("changes", {}).get(table, []))]
            partitions = {item[self.keys[table][0]] for item in named}
            prepared[table] = {
                key: item for key, item in items.items() if key[0] not in partitions and table not in BOOKKEEPING
            } | {self._key(table, item): item for item in given}
        self.write(before, prepared)
        return prepared

    def write(self, current: Items, wanted: Items) -> None:
        """Turn `current`, which the tables hold, into `wanted`."""
        for table, items in wanted.items():
            for key in current[table].keys() - items.keys():
                self.dynamodb.delete_item(
                    TableName=self.names[table], Key=self._attribute_values(self._key_item(table, key))
                )
            for key, item in items.items():
                if current[table].get(key) != item:
                    self.dynamodb.put_item(TableName=self.names[table], Item=self._attribute_values(item))

    def problems(self, before: Items, after: Items, expect: Mapping[str, Any]) -> list[str]:
        """Return where the change from `before` to `after` is not the one expected, in words."""
        found: list[str] = []
        for table in before.keys() - BOOKKEEPING:
            expected = {
                self._key(table, change["key"]): change["after"] for change in expect.get("changes", {}).get(table, [])
            }
            changed = {
                key
                for key in before[table].keys() | after[table].keys()
                if before[table].get(key) != after[table].get(key)
            }
            found += [
                f"{table} {key} changed unexpectedly to {after[table].get(key)}" for key in changed - expected.keys()
            ]
            found += [f"{table} {key} did not change" for key in expected.keys() - changed]
            for key in changed & expected.keys():
                found += differences(expected[key], after[table].get(key), f"{table} {key}")
        return found

    def _scan(self, name: str) -> Iterable[Item]:
        for page in self.dynamodb.get_paginator("scan").paginate(TableName=name, ConsistentRead=True):
            for item in page["Items"]:
                yield {attribute: _deserialize(value) for attribute, value in item.items()}

    def _key(self, table: str, item: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(item[name] for name in self.keys[table])

    def _key_item(self, table: str, key: tuple[Any, ...]) -> Item:
        return dict(zip(self.keys[table], key, strict=True))

    def _attribute_values(self, item: Item) -> dict[str, Any]:
        return {name: _serialize(value) for name, value in item.items()}


def key_names(template: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the key attributes of every table of a template."""
    return {
        name: tuple(
            key["AttributeName"] for key in sorted(body["Properties"]["KeySchema"], key=lambda key: key["KeyType"])
        )
        for name, body in resources(template, "AWS::DynamoDB::Table").items()
    }
