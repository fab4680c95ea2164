"""Access patterns of messages, run on the demo data."""

from typing import Any
from unittest import mock

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from dev.application import demo_data
from dev.application.access_patterns import messages as catalogue
from dev.application.demo_data.messages import ALICE, BOB, GROUP
from dev.application.deployed_stack import DeployedStack
from dev.tables.journal import Journal
from messages import store
from messages.model import Message
from tests.unit.pattern_runs import contents, outcomes
from tests.unit.shell import Shell


def test_late_stream_records_move_no_group_row(
    seeded: DeployedStack, dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch
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
        assert sorted(rows) == [(f"GRP#{member}", GROUP) for member in (ALICE, BOB)]

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


def test_writes_of_a_transaction_have_a_line_each(shell: Shell) -> None:
    shown = shell("tables patterns messages").stdout

    assert "  TransactWriteItems\n    Update\n      Key: {" in shown
    assert shown.count("\n    Delete\n      Key: {") == 2
