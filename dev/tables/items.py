"""Reads, puts and deletes items."""

import base64
import itertools
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.types import Binary

from dev.application.demo_data import item_of, put_new
from dev.errors import DevError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_BATCH = 25
"""The most that BatchWriteItem takes."""
_ATTEMPTS = 10


def plain(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return attribute values as JSON types: sets become sorted lists, bytes become base64."""
    return {name: _plain(value) for name, value in item_of(item).items()}


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
    """Delete all items. Return their number. Raises DevError as `write` does."""
    deleted = 0
    for keys in _pages_of_keys(dynamodb, table, key_names):
        write(dynamodb, {table: [{"DeleteRequest": {"Key": key}} for key in keys]})
        deleted += len(keys)
    return deleted


def write(dynamodb: "DynamoDBClient", requests: Mapping[str, Iterable[Any]]) -> None:
    """Send requests of BatchWriteItem by table, in batches. Raises DevError if DynamoDB keeps rejecting some."""
    each = [(table, request) for table, of_table in requests.items() for request in of_table]
    for batch in itertools.batched(each, _BATCH, strict=False):
        left: dict[str, list[Any]] = {}
        for table, request in batch:
            left.setdefault(table, []).append(request)
        for attempt in range(_ATTEMPTS):
            left = dynamodb.batch_write_item(RequestItems=left)["UnprocessedItems"]
            if not left:
                break
            time.sleep(0.05 * 2**attempt)
        else:
            raise DevError(f"DynamoDB throttles writes to {', '.join(left)}. Some are missing. Try again.")


def require_copy(dynamodb: "DynamoDBClient", copy: str, logical_id: str, key_names: Collection[str]) -> None:
    """Raise DevError unless `copy` is a table with these keys."""
    try:
        keys = dynamodb.describe_table(TableName=copy)["Table"]["KeySchema"]
    except dynamodb.exceptions.ResourceNotFoundException:
        raise DevError(f"There is no table {copy} in this account and region. Nothing was changed.") from None
    if [key["AttributeName"] for key in keys] != list(key_names):
        raise DevError(f"{copy} is not a copy of {logical_id}: its keys differ. Nothing was changed.")


def put_missing(dynamodb: "DynamoDBClient", copy: str, table: str, key_names: Collection[str]) -> int:
    """Put the items of a copy that the table lacks. Return their number. Items of the table stay as they are."""
    pages = _pages_of_keys(dynamodb, table, key_names)
    present = {_identity(key, key_names) for keys in pages for key in keys}
    put = 0
    for page in dynamodb.get_paginator("scan").paginate(TableName=copy, ConsistentRead=True):
        for item in page["Items"]:
            if _identity(item, key_names) not in present:
                put += put_new(dynamodb, table, item, next(iter(key_names)))
    return put


def _pages_of_keys(dynamodb: "DynamoDBClient", table: str, key_names: Iterable[str]) -> Iterator[list[Any]]:
    names = {f"#{number}": name for number, name in enumerate(key_names)}
    pages = dynamodb.get_paginator("scan").paginate(
        TableName=table, ProjectionExpression=", ".join(names), ExpressionAttributeNames=names, ConsistentRead=True
    )
    for page in pages:
        yield page["Items"]


def _identity(item: Mapping[str, Any], key_names: Iterable[str]) -> tuple[str, ...]:
    return tuple(repr(item[name]) for name in key_names)
