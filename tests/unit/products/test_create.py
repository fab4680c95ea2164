"""CreateProductFunction, beyond its event files."""

from decimal import Decimal
from typing import Any

import pytest
from botocore.exceptions import ClientError
from mypy_boto3_dynamodb import DynamoDBClient

from products import store
from products.create import handler
from products.update import handler as update
from tests.unit.http_events import STAFF, api_event, call
from tests.unit.sdk import lost_answer

pytestmark = pytest.mark.usefixtures("dynamodb")
NEW = {"product_id": "SAV-01", "product_type": "savings", "balance": 1500.25}


def stored(dynamodb: DynamoDBClient) -> list[dict[str, Any]]:
    return dynamodb.scan(TableName="ProductsTable")["Items"]


@pytest.mark.parametrize(
    ("number", "balance"),
    [("0.1", "0.10"), ("1e3", "1000.00"), ("-0", "0.00"), ("9999999999999.99", "9999999999999.99"), ("-5", "-5.00")],
)
def test_balance_is_stored_as_an_exact_decimal(dynamodb: DynamoDBClient, number: str, balance: str) -> None:
    body = f'{{"product_id": "SAV-01", "product_type": "savings", "balance": {number}}}'

    assert call(handler, api_event(body))[0] == 201

    (item,) = stored(dynamodb)
    assert Decimal(item["balance"]["N"]) == Decimal(balance)


def test_existing_product_is_not_touched(dynamodb: DynamoDBClient) -> None:
    call(handler, api_event(NEW))
    before = stored(dynamodb)

    status, body, _ = call(handler, api_event(NEW | {"balance": 1}, request_id="request-2"))

    assert (status, body["code"]) == (409, "ProductExists")
    assert stored(dynamodb) == before


def test_repeated_key_gives_the_same_answer_and_one_item(dynamodb: DynamoDBClient) -> None:
    answers = [
        call(handler, api_event(NEW, headers={"Idempotency-Key": "k"}, request_id=f"request-{number}"))
        for number in (1, 2)
    ]

    assert [status for status, _, _ in answers] == [201, 201]
    assert answers[0][1] == answers[1][1]
    assert len(stored(dynamodb)) == 1


def test_number_written_another_way_is_the_same_request() -> None:
    call(handler, api_event(NEW | {"balance": 1500}, headers={"Idempotency-Key": "k"}))
    body = '{"product_type": "savings", "product_id": "SAV-01", "balance": 1500.00}'

    assert call(handler, api_event(body, headers={"Idempotency-Key": "k"}))[0] == 201


def test_key_reused_for_another_request_is_rejected(dynamodb: DynamoDBClient) -> None:
    call(handler, api_event(NEW, headers={"Idempotency-Key": "k"}))

    status, body, _ = call(handler, api_event(NEW | {"product_id": "SAV-02"}, headers={"Idempotency-Key": "k"}))

    assert (status, body["code"]) == (422, "IdempotencyKeyReused")
    assert len(stored(dynamodb)) == 1


def test_callers_do_not_share_keys() -> None:
    call(handler, api_event(NEW, headers={"Idempotency-Key": "k"}))

    status, body, _ = call(
        handler, api_event(NEW, headers={"Idempotency-Key": "k"}, claims=STAFF, request_id="request-2")
    )

    assert (status, body["code"]) == (409, "ProductExists")


def test_rejected_create_can_be_repeated_with_its_key() -> None:
    call(handler, api_event(NEW, claims=STAFF))
    event = api_event(NEW, headers={"Idempotency-Key": "k"}, request_id="request-2")

    assert [call(handler, event)[0] for _ in range(2)] == [409, 409]


def test_write_repeated_by_the_sdk_is_a_success(dynamodb: DynamoDBClient) -> None:
    with lost_answer(store._dynamodb, "TransactWriteItems"):
        assert call(handler, api_event(NEW))[0] == 201

    assert len(stored(dynamodb)) == 1


def test_product_that_was_changed_since_is_returned_as_created(dynamodb: DynamoDBClient) -> None:
    event = api_event(NEW, headers={"Idempotency-Key": "k"})
    _, created, _ = call(handler, event)
    call(update, api_event({"balance": 1}, product_id="SAV-01"))

    assert call(handler, event)[:2] == (201, created)


def test_location_follows_a_path_with_a_trailing_slash() -> None:
    event = api_event(NEW)
    event["requestContext"]["path"] += "/"

    assert call(handler, event)[2]["Location"] == "/v1/customers/CUST-1/products/SAV-01"


def test_failure_of_the_table_writes_nothing(dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(**_: Any) -> None:
        raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": ""}}, "TransactWriteItems")

    monkeypatch.setattr(store._dynamodb, "transact_write_items", denied)

    assert call(handler, api_event(NEW))[0] == 500
    assert stored(dynamodb) == []
