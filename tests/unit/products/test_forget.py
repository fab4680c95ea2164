"""What `dev forget` removes of a customer's products."""

import json
from typing import Any

import pytest

from dev.application.personal_data.person import Person
from tests.unit.forgetting import CANARY, forget, items, objects, plant, put, stores

TIME, LATER = "2026-03-01T09:00:00.000Z", "2026-03-01T09:00:00.001Z"
OWN = {"customer_id": "CUST-CANARY", "product_id": "SAV-01", "created_at": TIME}
OF_ANOTHER = {"customer_id": "CUST-2", "product_id": "SAV-01", "created_at": LATER}


def record(record_id: str, time: str) -> dict[str, Any]:
    return {"id": record_id, "payload": "0", "generated": {"created_at": time, "updated_at": time}, "expiration": 1}


def change(customer_id: str) -> dict[str, Any]:
    keys = {"customer_id": {"S": customer_id}, "product_id": {"S": "SAV-01"}}
    source = "arn:aws:dynamodb:us-east-1:123456789012:table/ProductsTable/stream/2026"
    return {"eventSourceARN": source, "dynamodb": {"Keys": keys}}


def failed(*records: dict[str, Any]) -> dict[str, Any]:
    return {
        "requestContext": {"functionArn": "arn:aws:lambda:us-east-1:123456789012:function:on", "condition": ""},
        "timestamp": TIME,
        "DDBStreamBatchInfo": {},
        "payload": json.dumps({"Records": records}),
    }


@pytest.mark.usefixtures("dynamodb")
def test_products_and_their_idempotency_records_are_deleted() -> None:
    plant("ProductsTable", OWN, OF_ANOTHER)
    plant("IdempotencyTable", record("1", TIME), record("2", LATER))

    forget(CANARY, stores())

    assert items("ProductsTable") == [OF_ANOTHER]
    assert items("IdempotencyTable") == [record("2", LATER)]


@pytest.mark.usefixtures("dynamodb")
def test_failed_events_lose_the_records_of_the_customer() -> None:
    put("FailureBucket", "mixed", failed(change("CUST-CANARY"), change("CUST-2")))
    put("FailureBucket", "own", failed(change("CUST-CANARY")))

    forget(CANARY, stores())

    ((content,),) = objects("FailureBucket").values()
    assert json.loads(json.loads(content)["payload"]) == {"Records": [change("CUST-2")]}


@pytest.mark.usefixtures("dynamodb")
def test_product_whose_id_names_the_person_is_deleted() -> None:
    """Customers choose ids, and a key cannot be replaced."""
    plant("ProductsTable", OF_ANOTHER, OF_ANOTHER | {"product_id": CANARY.sub})

    forget(CANARY, stores())

    assert items("ProductsTable") == [OF_ANOTHER]


@pytest.mark.usefixtures("dynamodb")
def test_customer_is_not_found_by_part_of_its_id() -> None:
    plant("ProductsTable", OF_ANOTHER)

    forget(Person(customer_id="CUST"), stores())

    assert items("ProductsTable") == [OF_ANOTHER]
