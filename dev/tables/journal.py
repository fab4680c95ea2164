"""Remembers the items that writes are about to change, and puts them back."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from mypy_boto3_dynamodb import DynamoDBClient

from dev.errors import DevError

type _Place = tuple[str, tuple[tuple[str, str], ...]]
"""Table, and key as names and values: keys here are text."""


@dataclass
class Journal:
    """`keys` holds the names of each table's key attributes, by the table's name."""

    dynamodb: DynamoDBClient
    keys: Mapping[str, tuple[str, ...]]
    _before: dict[_Place, Mapping[str, Any] | None] = field(default_factory=dict)

    def note(self, operation: str, request: Mapping[str, Any]) -> None:
        """Read what a write is about to change, if it was not read before."""
        for write in _writes(operation, request):
            place = self._place(write["TableName"], write["Item"] if "Item" in write else write["Key"])
            if place not in self._before:
                self._before[place] = self._read(place)

    def put_back(self) -> None:
        """Make everything as it was before the first write. Raises DevError, naming what could not be put back."""
        failed: list[str] = []
        for place, item in self._before.items():
            try:
                self._restore(place, item)
            except (BotoCoreError, ClientError) as error:
                failed.append(f"{place[0]} {json.dumps(dict(place[1]))}: {error}")
        self._before.clear()
        if failed:
            raise DevError("\n  ".join(["These items could not be put back as they were:", *failed]))

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
    """Yield the single writes of a request, each with its table, and its item or key."""
    if operation == "TransactWriteItems":
        for each in request["TransactItems"]:
            ((_, write),) = each.items()
            yield write
    else:
        yield request
