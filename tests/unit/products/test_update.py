"""UpdateProductFunction, beyond its event files."""

from decimal import Decimal

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from products import store
from products.model import Product
from products.update import handler
from tests.unit.http_events import api_event, call
from tests.unit.sdk import lost_answer

CREATED = "2026-01-01T00:00:00.000Z"
ETAG = f'"1-{CREATED}"'


@pytest.fixture(autouse=True)
def product(dynamodb: DynamoDBClient) -> None:
    """SAV-01 of CUST-1 at version 1."""
    body = {"product_id": "SAV-01", "product_type": "savings", "balance": Decimal("10.50")}
    item = Product.new("CUST-1", body, CREATED).to_item()
    dynamodb.put_item(TableName="ProductsTable", Item=item | {"write_id": {"S": "other"}})


def test_only_what_is_named_changes() -> None:
    _, body, _ = call(handler, api_event({"product_type": "credit_card"}, product_id="SAV-01"))

    assert (body["product_type"], body["balance"], body["version"]) == ("credit_card", Decimal("10.50"), 2)
    assert body["created_at"] == CREATED
    assert body["updated_at"] > body["created_at"]


def test_second_writer_of_one_version_is_rejected() -> None:
    first = api_event({"balance": 1}, product_id="SAV-01", headers={"If-Match": ETAG}, request_id="request-1")
    second = api_event({"balance": 2}, product_id="SAV-01", headers={"If-Match": ETAG}, request_id="request-2")

    assert [call(handler, event)[0] for event in (first, second)] == [200, 412]


@pytest.mark.parametrize("if_match", ["*", ETAG])
def test_change_repeated_by_the_sdk_is_applied_once(if_match: str) -> None:
    event = api_event({"balance": 1}, product_id="SAV-01", headers={"If-Match": if_match})

    with lost_answer(store._dynamodb, "UpdateItem"):
        status, body, _ = call(handler, event)

    assert (status, body["version"]) == (200, 2)


def test_equal_changes_with_one_request_id_are_two_changes() -> None:
    """Callers can choose API Gateway's request id."""
    event = api_event({"product_type": "credit_card"}, product_id="SAV-01", request_id="chosen")

    assert [call(handler, event)[1]["version"] for _ in range(2)] == [2, 3]


@pytest.mark.parametrize(
    ("if_match", "status"),
    [
        (None, 428),
        ("*", 200),
        (ETAG, 200),
        (f'"2-{CREATED}", {ETAG}', 200),
        (f"W/{ETAG}", 412),
        ('"x"', 412),
        (f'"2-{CREATED}"', 412),
        ('"1-2026-01-01T00:00:00.001Z"', 412),
        ("1", 400),
    ],
)
def test_new_balance_requires_a_matching_version(if_match: str | None, status: int) -> None:
    headers = {} if if_match is None else {"If-Match": if_match}

    assert call(handler, api_event({"balance": 1}, product_id="SAV-01", headers=headers))[0] == status


def test_item_from_elsewhere_carries_no_write_id(dynamodb: DynamoDBClient) -> None:
    dynamodb.update_item(
        TableName="ProductsTable",
        Key={"customer_id": {"S": "CUST-1"}, "product_id": {"S": "SAV-01"}},
        UpdateExpression="REMOVE write_id",
    )

    event = api_event({"balance": 1}, product_id="SAV-01", headers={"If-Match": '"7"'})

    assert call(handler, event)[1]["code"] == "VersionMismatch"


def test_missing_product_is_404_whatever_the_version_asked_for() -> None:
    event = api_event({"balance": 1}, product_id="SAV-99", headers={"If-Match": ETAG})

    assert call(handler, event)[1]["code"] == "ProductNotFound"


def test_malformed_id_is_not_found(subtests: pytest.Subtests) -> None:
    for product_id in ["..", "a b", "é", "x" * 65, "a\n", "-x", "a/b"]:
        with subtests.test(product_id=product_id):
            status, body, _ = call(handler, api_event({"balance": 1}, product_id=product_id))

            assert (status, body["code"]) == (404, "ProductNotFound")
