"""DeleteProductFunction, beyond its event files."""

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from products import store
from products.delete import handler
from products.model import Product
from tests.unit.http_events import api_event, call
from tests.unit.sdk import lost_answer

CREATED = "2026-01-01T00:00:00.000Z"
ETAG = f'"1-{CREATED}"'


@pytest.fixture(autouse=True)
def product(dynamodb: DynamoDBClient) -> None:
    """SAV-01 of CUST-1 at version 1."""
    item = Product.new("CUST-1", {"product_id": "SAV-01", "product_type": "savings"}, CREATED).to_item()
    dynamodb.put_item(TableName="ProductsTable", Item=item | {"write_id": {"S": "other"}})


def test_second_delete_finds_nothing() -> None:
    assert [call(handler, api_event(product_id="SAV-01"))[0] for _ in range(2)] == [204, 404]


def test_delete_repeated_by_the_sdk_is_a_success() -> None:
    with lost_answer(store._dynamodb, "TransactWriteItems"):
        assert call(handler, api_event(product_id="SAV-01"))[0] == 204


def test_answer_has_no_body() -> None:
    assert call(handler, api_event(product_id="SAV-01"))[1] is None


@pytest.mark.parametrize(
    ("if_match", "status"), [("*", 204), (ETAG, 204), (f'"2-{CREATED}"', 412), (f"W/{ETAG}", 412), ("1", 400)]
)
def test_if_match_is_honoured(dynamodb: DynamoDBClient, if_match: str, status: int) -> None:
    assert call(handler, api_event(product_id="SAV-01", headers={"If-Match": if_match}))[0] == status

    assert dynamodb.scan(TableName="ProductsTable")["Count"] == (0 if status == 204 else 1)
