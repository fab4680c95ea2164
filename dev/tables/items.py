"""Reads pages of items, and deletes items."""

import base64
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.types import Binary, TypeDeserializer

from dev.errors import DevError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_BATCH = 25
"""The most that BatchWriteItem takes."""
_ATTEMPTS = 10

_deserialize = TypeDeserializer().deserialize


def plain(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return attribute values as JSON types: sets become sorted lists, bytes become base64."""
    return {name: _plain(_deserialize(value)) for name, value in item.items()}


def _plain(value: Any) -> Any:
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case Binary():
            return base64.b64encode(value.value).decode()  # type: ignore[attr-defined]
        case set():
            return sorted(_plain(each) for each in value)
        case list():
            return [_plain(each) for each in value]
        case dict():
            return {name: _plain(each) for name, each in value.items()}
        case str() | bool() | None:
            return value
    raise TypeError(f"DynamoDB knows no {type(value).__name__}")


@dataclass(frozen=True)
class Page:
    """Items of a table, the cost of reading them, and the key after which the next page begins."""

    items: list[dict[str, Any]]
    capacity_units: float
    next: dict[str, Any] | None


def scan(dynamodb: "DynamoDBClient", table: str, limit: int, after: Mapping[str, Any] | None) -> Page:
    """Read up to `limit` items, at most 1 MB per request."""
    items: list[dict[str, Any]] = []
    units, start = 0.0, after
    while True:
        request: dict[str, Any] = {} if start is None else {"ExclusiveStartKey": start}
        answer = dynamodb.scan(TableName=table, Limit=limit - len(items), ReturnConsumedCapacity="TOTAL", **request)
        items += answer["Items"]
        units += answer["ConsumedCapacity"]["CapacityUnits"]
        start = answer.get("LastEvaluatedKey")
        if start is None or len(items) == limit:
            return Page([plain(item) for item in items], units, None if start is None else plain(start))


def delete_all(dynamodb: "DynamoDBClient", table: str, key_names: Iterable[str]) -> int:
    """Delete all items. Return their number. Raises DevError if DynamoDB keeps rejecting deletions."""
    names = {f"#{number}": name for number, name in enumerate(key_names)}
    pages = dynamodb.get_paginator("scan").paginate(
        TableName=table, ProjectionExpression=", ".join(names), ExpressionAttributeNames=names, ConsistentRead=True
    )
    deleted = 0
    for page in pages:
        keys = page["Items"]
        for at in range(0, len(keys), _BATCH):
            _delete(dynamodb, table, keys[at : at + _BATCH])
        deleted += len(keys)
    return deleted


def _delete(dynamodb: "DynamoDBClient", table: str, keys: Iterable[Any]) -> None:
    requests: Any = {table: [{"DeleteRequest": {"Key": key}} for key in keys]}
    for attempt in range(_ATTEMPTS):
        requests = dynamodb.batch_write_item(RequestItems=requests)["UnprocessedItems"]
        if not requests:
            return
        time.sleep(0.05 * 2**attempt)
    raise DevError(f"{table} is throttling deletions. Some items remain. Try again.")
