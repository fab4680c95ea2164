"""Access patterns run as functions run them: noted, put back, or not sent."""

from typing import Any
from unittest import mock

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from dev.application import demo_data
from dev.application.access_patterns import messages as catalogue
from dev.local_aws.template import key_names
from dev.replay.table_state import Tables
from dev.tables import patterns
from dev.tables.journal import Journal
from dev.tables.patterns import PatternRun
from dev.tables.recorder import NotSentError, Recorder
from dev.tables.target import Place
from messages import store
from messages.model import Message
from tests.template_facts import TEMPLATE
from tests.unit.dev.conftest import NAMES


def contents(dynamodb: DynamoDBClient) -> Any:
    return Tables(dynamodb, NAMES, key_names(TEMPLATE)).read()


def outcomes(place: Place, table: str, *, read_only: bool = False) -> dict[str, PatternRun]:
    return {each.pattern.name: each for each in patterns.run(place, [table], read_only=read_only)}


def test_tables_end_as_they_were(seeded: Place, dynamodb: DynamoDBClient) -> None:
    before = contents(dynamodb)

    ran = list(patterns.run(seeded))

    assert contents(dynamodb) == before
    assert {outcome.refused for outcome in ran} == {None}


def test_late_stream_records_move_no_group_row(
    seeded: Place, dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(dynamodb)
    put_back = Journal.put_back
    delivered: list[bool] = []

    def deliver() -> None:
        with mock.patch("messages.store._dynamodb", dynamodb):
            delivered.extend(map(store.move_rows, (*demo_messages(), catalogue.FIRST, catalogue.NEXT)))

    def put_back_between_records(journal: Journal) -> None:
        deliver()
        put_back(journal)
        deliver()
        rows = [(each["pk"]["S"], each["message_group_uuid"]["S"]) for each in group_rows(dynamodb)]
        assert sorted(rows) == [(f"GRP#{member}", demo_data.GROUP) for member in (demo_data.ALICE, demo_data.BOB)]

    monkeypatch.setattr(Journal, "put_back", put_back_between_records)

    ran = outcomes(seeded, "MessagesTable")

    assert len(delivered) == len(ran) * 2 * 5
    assert not any(delivered)
    assert contents(dynamodb) == before


def demo_messages() -> list[Message]:
    items = [demo_data.attribute_values(item) for item in demo_data.ITEMS["MessagesTable"] if "message_uuid" in item]
    return [Message.from_item(item) for item in items]


def group_rows(dynamodb: DynamoDBClient) -> list[Any]:
    items = dynamodb.scan(TableName="MessagesTable", ConsistentRead=True)["Items"]
    return [item for item in items if item["pk"]["S"].startswith("GRP#")]


def test_request_is_the_one_that_the_function_sends(seeded: Place) -> None:
    found = outcomes(seeded, "ProductsTable")["list-products"].to_json()

    assert found["requests"] == [
        {
            "operation": "Query",
            "request": {
                "TableName": "ProductsTable",
                "KeyConditionExpression": "customer_id = :customer_id",
                "ExpressionAttributeValues": {":customer_id": {"S": "CUST-1001"}},
                "Limit": 25,
            },
            "sent": True,
            "capacity_units": 1,
            "capacity_units_by_index": {},
            "items": [
                {
                    "customer_id": "CUST-1001",
                    "product_id": "SAV-01",
                    "product_type": "savings",
                    "balance": 1500,
                    "version": 1,
                    "created_at": "2026-01-01T00:00:00.000Z",
                    "updated_at": "2026-01-01T00:00:00.000Z",
                }
            ],
            "error": None,
        }
    ]


def test_direct_route_is_what_its_template_makes(seeded: Place) -> None:
    found = outcomes(seeded, "UsersTable")["delete-user"].to_json()

    assert (found["source"], found["requests"][0]["request"]) == (
        "DELETE /users/{user_id}",
        {
            "TableName": "UsersTable",
            "Key": {"UserId": {"S": "demo-edsger"}},
            "ConditionExpression": "#owner = :owner",
            "ExpressionAttributeNames": {"#owner": "owner"},
            "ExpressionAttributeValues": {":owner": {"S": "demo-carol"}},
        },
    )


def test_preparation_of_a_pattern_is_not_shown(seeded: Place) -> None:
    found = outcomes(seeded, "IdempotencyTable")["write-once-again"].to_json()["requests"]

    assert [(call["operation"], call["error"]) for call in found] == [
        ("TransactWriteItems", "TransactionCanceledException")
    ]


def test_read_only_shows_writes_and_sends_none(place: Place, dynamodb: DynamoDBClient) -> None:
    ran = list(patterns.run(place, read_only=True))

    assert not any(contents(dynamodb).values())
    calls = [call for outcome in ran for call in outcome.calls]
    assert {call.operation: call.sent for call in calls} == {
        "GetItem": True,
        "Query": True,
        "Scan": True,
        "PutItem": False,
        "UpdateItem": False,
        "DeleteItem": False,
        "TransactWriteItems": False,
    }


def test_missing_demo_data_are_named(place: Place) -> None:
    assert outcomes(place, "ProductsTable", read_only=True)["get-product"].refused == "ProductNotFoundError"


def test_everything_is_put_back_when_a_pattern_breaks(
    seeded: Place, dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(dynamodb)
    monkeypatch.setattr("products.model.Product.from_item", None)  # reads the answer of an update

    with pytest.raises(TypeError):
        list(patterns.run(seeded, ["ProductsTable"]))

    assert contents(dynamodb) == before


def test_operation_that_no_pattern_uses_is_refused(place: Place) -> None:
    recorder, client = Recorder(place.client("dynamodb"), lambda *_: None), place.client("dynamodb")

    with recorder.recording(client), pytest.raises(NotImplementedError, match="BatchGetItem"):
        client.batch_get_item(RequestItems={"ProductsTable": {"Keys": [{"customer_id": {"S": "C"}}]}})


def test_recorder_that_only_reads_sends_no_write(place: Place, dynamodb: DynamoDBClient) -> None:
    recorder, client = Recorder(place.client("dynamodb"), lambda *_: None, read_only=True), place.client("dynamodb")

    with recorder.recording(client), pytest.raises(NotSentError):
        client.put_item(TableName="UsersTable", Item={"UserId": {"S": "u"}})

    assert dynamodb.scan(TableName="UsersTable")["Count"] == 0
