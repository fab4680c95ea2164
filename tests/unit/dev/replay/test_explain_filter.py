"""What the filters do with the records of an event file, in words."""

from pathlib import Path
from typing import Any

import pytest

from dev.errors import DevError
from dev.paths import EVENTS
from dev.replay.explain_filter import explain, verdicts
from tests.unit.dev.local_aws.event_sources.stream_records import record


def resource(table: str, function: str, wanted: str) -> dict[str, Any]:
    return {
        "Type": "AWS::Lambda::EventSourceMapping",
        "Properties": {
            "EventSourceArn": {"Fn::GetAtt": f"{table}.StreamArn"},
            "FunctionName": {"Ref": function},
            "StartingPosition": "TRIM_HORIZON",
            "FilterCriteria": {"Filters": [{"Pattern": f'{{"eventName": ["{wanted}"]}}'}]},
        },
    }


def function(handler: str) -> dict[str, Any]:
    return {"Type": "AWS::Serverless::Function", "Properties": {"Handler": handler}}


TEMPLATE = {
    "Resources": {
        "OnOrderChangeFunction": function("orders.on_change.handler"),
        "OnUserChangeFunction": function("users.on_change.handler"),
        "OnOrderChangeMapping": resource("OrdersTable", "OnOrderChangeFunction", "INSERT"),
        "OnUserChangeMapping": resource("UsersTable", "OnUserChangeFunction", "REMOVE"),
    }
}
ORDERS = [
    "OnOrderChangeMapping: OrdersTable to OnOrderChangeFunction",
    '  record 1 delivered: eventName is "INSERT"',
    '  record 2 dropped: eventName is "MODIFY", not "INSERT"',
]
USERS = [
    "OnUserChangeMapping: UsersTable to OnUserChangeFunction",
    '  record 1 dropped: eventName is "INSERT", not "REMOVE"',
    '  record 2 dropped: eventName is "MODIFY", not "REMOVE"',
]


def lines(path: Path, table: str) -> list[str]:
    source = f"arn:aws:dynamodb:us-east-1:0:table/{table}/stream/x"
    records = [record(1, eventSourceARN=source), record(2, eventName="MODIFY", eventSourceARN=source)]
    return list(explain(verdicts(TEMPLATE, {"Records": records}, path)))


@pytest.mark.parametrize("table", ["orders", "OrdersTable", "my-stack-OrdersTable-8139BB5CAF186"])
def test_mapping_of_the_table_is_asked(table: str) -> None:
    assert lines(Path("event.json"), table) == ORDERS


def test_mapping_of_the_function_whose_event_it_is_is_asked() -> None:
    assert lines(EVENTS / "users" / "on_change" / "event.json", "orders") == USERS


def test_every_mapping_is_asked_about_an_unknown_table() -> None:
    assert lines(Path("event.json"), "other") == ORDERS + USERS


@pytest.mark.parametrize(
    ("event", "complaint"),
    [
        ({"httpMethod": "GET"}, r"^event\.json is not a stream event, because it has no Records$"),
        ({"Records": []}, "has no Records"),
        ([], "has no Records"),
        (
            {"Records": [{"eventSource": "aws:s3"}]},
            "is not an event of a DynamoDB stream, because record 1 has no dynamodb$",
        ),
    ],
)
def test_other_event_is_rejected(event: Any, complaint: str) -> None:
    with pytest.raises(DevError, match=complaint):
        verdicts(TEMPLATE, event, Path("event.json"))
