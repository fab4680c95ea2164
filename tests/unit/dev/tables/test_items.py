"""Items of a table: as JSON, page by page, and all deleted."""

from decimal import Decimal
from typing import Any

import pytest
from boto3.dynamodb.types import Binary, TypeSerializer
from mypy_boto3_dynamodb import DynamoDBClient

from dev.errors import DevError
from dev.tables import items


def fill(dynamodb: DynamoDBClient, count: int) -> None:
    for number in range(count):
        key = {"customer_id": {"S": f"C-{number:03}"}, "order_id": {"S": "P"}}
        dynamodb.put_item(TableName="OrdersTable", Item=key)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal(1500), 1500),
        (Decimal("1500.25"), 1500.25),
        (Decimal("9999999999999.99"), 9999999999999.99),
        (Decimal("1E+3"), 1000),
        ({"b", "a"}, ["a", "b"]),
        (Binary(b"\x00\xff"), "AP8="),
        ([Decimal(1), {"n": None, "yes": True}], [1, {"n": None, "yes": True}]),
        ("", ""),
    ],
)
def test_attribute_is_what_json_holds(value: Any, shown: Any) -> None:
    found = items.plain({"a": TypeSerializer().serialize(value)})["a"]

    assert (found, type(found)) == (shown, type(shown))


def test_page_has_no_more_than_its_limit_and_says_where_to_go_on(dynamodb: DynamoDBClient) -> None:
    fill(dynamodb, 5)

    page = items.scan(dynamodb, "OrdersTable", 2, None)

    assert [item["customer_id"] for item in page.items] == ["C-000", "C-001"]
    assert page.next == {"customer_id": "C-001", "order_id": "P"}
    assert page.capacity_units > 0


def test_next_page_goes_on_after_the_key(dynamodb: DynamoDBClient) -> None:
    fill(dynamodb, 5)

    page = items.scan(dynamodb, "OrdersTable", 9, {"customer_id": {"S": "C-003"}, "order_id": {"S": "P"}})

    assert [item["customer_id"] for item in page.items] == ["C-004"]
    assert page.next is None


def test_every_item_is_deleted_however_many_there_are(dynamodb: DynamoDBClient) -> None:
    fill(dynamodb, 60)

    deleted = items.delete_all(dynamodb, "OrdersTable", ("customer_id", "order_id"))

    assert (deleted, dynamodb.scan(TableName="OrdersTable")["Count"]) == (60, 0)


def test_deletions_that_dynamodb_puts_off_are_repeated(
    dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(dynamodb, 3)
    delete = dynamodb.batch_write_item
    put_off = iter([True])

    def put_off_once(RequestItems: Any) -> Any:  # noqa: N803 - DynamoDB's
        if next(put_off, False):
            return {"UnprocessedItems": RequestItems}
        return delete(RequestItems=RequestItems)

    monkeypatch.setattr(dynamodb, "batch_write_item", put_off_once)

    items.delete_all(dynamodb, "OrdersTable", ("customer_id", "order_id"))

    assert dynamodb.scan(TableName="OrdersTable")["Count"] == 0


def test_table_that_takes_no_deletions_is_reported(dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(dynamodb, 1)
    monkeypatch.setattr(dynamodb, "batch_write_item", lambda **request: {"UnprocessedItems": request["RequestItems"]})
    monkeypatch.setattr("dev.tables.items.time.sleep", lambda _seconds: None)

    with pytest.raises(DevError, match="DynamoDB throttles writes to OrdersTable"):
        items.delete_all(dynamodb, "OrdersTable", ("customer_id", "order_id"))
