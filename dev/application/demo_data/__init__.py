"""The demo data of every table. Items that exist are not changed.

Each module holds the items of one feature: literals, so that `dev` works while a function is broken. A test checks that
the functions can read them. Their owners cannot sign in, so no user's lists change.
"""

from collections.abc import Mapping
from decimal import DecimalException
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from dev.application.features import parts
from dev.errors import DevError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

type Item = Mapping[str, Any]

_FEATURES = parts("demo_data", "ITEMS")

ITEMS: Mapping[str, list[Item]] = {table: items for feature in _FEATURES for table, items in feature.ITEMS.items()}
"""By logical id of the table; the partition key is each item's first attribute."""

AT_START = [table for feature in _FEATURES for table in getattr(feature, "AT_START", ())]
"""Tables that a new stack has demo data in."""

_serialize, _deserialize = TypeSerializer().serialize, TypeDeserializer().deserialize


def attribute_values(item: Item) -> dict[str, Any]:
    """Return an item as DynamoDB attribute values. Raises DevError for a value that DynamoDB cannot store."""
    values = {}
    for name, value in item.items():
        try:
            values[name] = _serialize(value)
        except (DecimalException, TypeError) as error:
            raise DevError(f"DynamoDB cannot store {name}: {value}") from error
    return values


def item_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the item of DynamoDB attribute values."""
    return {name: _deserialize(value) for name, value in values.items()}


def add_missing(dynamodb: "DynamoDBClient", tables: Mapping[str, str]) -> dict[str, int]:
    """Add missing demo items to tables (names by logical id). Return the number of added items by logical id."""
    return {
        table: sum(put_new(dynamodb, name, attribute_values(item), next(iter(item))) for item in ITEMS.get(table, []))
        for table, name in tables.items()
    }


def fill_if_empty(dynamodb: "DynamoDBClient", table: str, name: str) -> None:
    """Add the demo items of one table if it is empty."""
    if dynamodb.scan(TableName=name, Limit=1)["Count"] == 0:
        add_missing(dynamodb, {table: name})


def put_new(dynamodb: "DynamoDBClient", table: str, values: Mapping[str, Any], key_name: str) -> bool:
    """Put attribute values unless the table has an item with their key. Return whether they were put."""
    try:
        dynamodb.put_item(
            TableName=table,
            Item=values,
            ConditionExpression="attribute_not_exists(#key)",
            ExpressionAttributeNames={"#key": key_name},
        )
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
    return True
