"""Reads items before they change, and restores them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from dev.errors import DevError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

type _Place = tuple[str, tuple[tuple[str, str], ...]]
"""Table, and key as names and values: keys here are text."""


@dataclass
class Journal:
    """`keys` contains the names of the key attributes by table name."""

    dynamodb: "DynamoDBClient"
    keys: Mapping[str, tuple[str, ...]]
    _before: dict[_Place, Mapping[str, Any] | None] = field(default_factory=dict)

    def note(self, operation: str, request: Mapping[str, Any]) -> None:
        """Read the items that a write will change, once per item."""
        for write in _writes(operation, request):
            place = self._place(write["TableName"], write["Item"] if "Item" in write else write["Key"])
            if place not in self._before:
                self._before[place] = self._read(place)

    def put_back(self) -> None:
        """Restore all items to their state before the first write. Raises DevError if an item cannot be restored."""
        failed: list[str] = []
        for place, item in self._before.items():
            try:
                self._restore(place, item)
            except (BotoCoreError, ClientError) as error:
                failed.append(f"{place[0]} {json.dumps(dict(place[1]))}: {error}")
        self._before.clear()
        if failed:
            raise DevError("\n  ".join(["These items could not be restored:", *failed]))

    def _restore(self, place: _Place, item: Mapping[str, Any] | None) -> None:
        if item is not None:
            self.dynamodb.put_item(TableName=place[0], Item=item)
        elif self._read(place) is not None:
            self.dynamodb.delete_item(TableName=place[0], Key=_key(place))

    def _place(self, table: str, item: Mapping[str, Any]) -> _Place:
        return table, tuple((name, item[name]["S"]) for name in self.keys[table])

    def _read(self, place: _Place) -> Mapping[str, Any] | None:
        answer = self.dynamodb.get_item(TableName=place[0], Key=_key(place), ConsistentRead=True)
        return answer.get("Item")


def _key(place: _Place) -> dict[str, Any]:
    return {name: {"S": value} for name, value in place[1]}


def _writes(operation: str, request: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the table and the item or key of each write in a request."""
    if operation == "TransactWriteItems":
        for each in request["TransactItems"]:
            ((_, write),) = each.items()
            yield write
    else:
        yield request
