"""Reads items before they change, and restores them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from dev.errors import DevError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

type _ItemKey = tuple[str, tuple[tuple[str, str], ...]]
"""Table, and key as names and values: keys here are text."""


@dataclass
class Journal:
    """`keys` contains the names of the key attributes by table name."""

    dynamodb: "DynamoDBClient"
    keys: Mapping[str, tuple[str, ...]]
    _before: dict[_ItemKey, Mapping[str, Any] | None] = field(default_factory=dict)

    def note(self, operation: str, request: Mapping[str, Any]) -> None:
        """Read the items that a write will change, once per item."""
        for write in _writes(operation, request):
            key = self._item_key(write["TableName"], write["Item"] if "Item" in write else write["Key"])
            if key not in self._before:
                self._before[key] = self._read(key)

    def put_back(self) -> None:
        """Restore all items to their state before the first write. Raises DevError if an item cannot be restored."""
        failed: list[str] = []
        for key, item in self._before.items():
            try:
                self._restore(key, item)
            except (BotoCoreError, ClientError) as error:
                failed.append(f"{key[0]} {json.dumps(dict(key[1]))}: {error}")
        self._before.clear()
        if failed:
            raise DevError("\n  ".join(["These items could not be restored:", *failed]))

    def _restore(self, key: _ItemKey, item: Mapping[str, Any] | None) -> None:
        if item is not None:
            self.dynamodb.put_item(TableName=key[0], Item=item)
        elif self._read(key) is not None:
            self.dynamodb.delete_item(TableName=key[0], Key=_attribute_values(key))

    def _item_key(self, table: str, item: Mapping[str, Any]) -> _ItemKey:
        return table, tuple((name, item[name]["S"]) for name in self.keys[table])

    def _read(self, key: _ItemKey) -> Mapping[str, Any] | None:
        answer = self.dynamodb.get_item(TableName=key[0], Key=_attribute_values(key), ConsistentRead=True)
        return answer.get("Item")


def _attribute_values(key: _ItemKey) -> dict[str, Any]:
    return {name: {"S": value} for name, value in key[1]}


def _writes(operation: str, request: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the table and the item or key of each write in a request."""
    if operation == "TransactWriteItems":
        for each in request["TransactItems"]:
            ((_, write),) = each.items()
            yield write
    else:
        yield request
