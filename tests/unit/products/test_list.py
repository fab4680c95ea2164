"""ListProductsFunction, beyond its event files."""

import base64
import json

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from products.list import handler
from products.model import Product
from tests.unit.http_events import api_event, call

NOW = "2026-01-01T00:00:00.000Z"


@pytest.fixture
def five_products(dynamodb: DynamoDBClient) -> list[str]:
    """Five products of CUST-1, between products of customers who sort before and after it."""
    ids = ["A", "B", "C", "D", "E"]
    for customer in ("CUST-0", "CUST-1", "CUST-2"):
        for product_id in ids:
            product = Product.new(customer, {"product_id": product_id, "product_type": "savings"}, NOW)
            dynamodb.put_item(TableName="ProductsTable", Item=product.to_item())
    return ids


def test_pages_hold_every_product_once(subtests: pytest.Subtests, five_products: list[str]) -> None:
    for limit in [1, 2, 3, 4, 5, 6, 100]:
        with subtests.test(limit=limit):
            seen: list[str] = []
            query = {"limit": str(limit)}
            while True:
                status, page, _ = call(handler, api_event(query=query))
                assert status == 200
                assert len(page["items"]) <= limit
                seen += [item["product_id"] for item in page["items"]]
                if page["next_cursor"] is None:
                    break
                query["cursor"] = page["next_cursor"]

            assert seen == five_products


def test_products_with_an_id_that_the_api_does_not_create_are_listed(dynamodb: DynamoDBClient) -> None:
    for product_id in ("a", "b \n" + "ü" * 252, "d"):
        product = Product.new("CUST-1", {"product_id": product_id, "product_type": "savings"}, NOW)
        dynamodb.put_item(TableName="ProductsTable", Item=product.to_item())

    _, page, _ = call(handler, api_event(query={"limit": "2"}))
    _, page, _ = call(handler, api_event(query={"limit": "2", "cursor": page["next_cursor"]}))

    assert [item["product_id"] for item in page["items"]] == ["d"]


def test_forged_cursor_is_rejected(subtests: pytest.Subtests, five_products: list[str]) -> None:
    for sort_key in ["", "x" * 256, "\ud800", {"customer_id": "CUST-2"}, 7, None]:
        with subtests.test(sort_key=sort_key):
            cursor = base64.urlsafe_b64encode(json.dumps([sort_key]).encode()).decode().rstrip("=")

            status, body, _ = call(handler, api_event(query={"cursor": cursor}))

            assert (status, body["code"]) == (400, "InvalidCursor")


def test_another_customers_cursor_stays_in_the_callers_partition(five_products: list[str]) -> None:
    claims = {"sub": "s", "token_use": "id", "custom:customer_id": "CUST-2"}
    _, page, _ = call(handler, api_event(customer_id="CUST-2", claims=claims, query={"limit": "2"}))

    _, page, _ = call(handler, api_event(query={"cursor": page["next_cursor"]}))

    assert [(item["customer_id"], item["product_id"]) for item in page["items"]] == [
        ("CUST-1", "C"),
        ("CUST-1", "D"),
        ("CUST-1", "E"),
    ]


def test_writing_ids_stay_inside(five_products: list[str]) -> None:
    _, page, _ = call(handler, api_event())

    assert set(page["items"][0]) == {
        "customer_id",
        "product_id",
        "product_type",
        "balance",
        "version",
        "created_at",
        "updated_at",
    }
