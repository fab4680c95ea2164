"""`dev tables restore` puts back what was deleted, and changes nothing else."""

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from dev.tables import items
from tests.unit.shell import Shell, count, error

EDSGER, BARBARA = {"PersonId": {"S": "demo-edsger"}}, {"PersonId": {"S": "demo-barbara"}}


@pytest.fixture(autouse=True)
def _copy(shell: Shell, dynamodb: DynamoDBClient) -> None:
    """Restore a copy of two people. Then delete one and change the other."""
    dynamodb.restore_table_to_point_in_time(
        SourceTableName="PeopleTable", TargetTableName="copy", UseLatestRestorableTime=True
    )
    dynamodb.delete_item(TableName="PeopleTable", Key=EDSGER)
    dynamodb.put_item(TableName="PeopleTable", Item=BARBARA | {"name": {"S": "changed"}})


def test_deleted_items_come_back_and_others_stay(shell: Shell, dynamodb: DynamoDBClient) -> None:
    assert shell.json("tables restore people --from copy") == {"table": "PeopleTable", "restored": 1}

    found = {item["PersonId"]["S"]: item for item in dynamodb.scan(TableName="PeopleTable")["Items"]}
    copied = dynamodb.get_item(TableName="copy", Key=EDSGER)["Item"]
    assert found == {"demo-edsger": copied, "demo-barbara": BARBARA | {"name": {"S": "changed"}}}
    assert shell.json("tables restore people --from copy")["restored"] == 0


def test_item_that_appears_meanwhile_stays(dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(items, "_pages_of_keys", lambda *_: [])

    assert items.put_missing(dynamodb, "copy", "PeopleTable", ["PersonId"]) == 1
    assert dynamodb.get_item(TableName="PeopleTable", Key=BARBARA)["Item"]["name"] == {"S": "changed"}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("yesterday", "There is no table yesterday in this account and region. Nothing was changed."),
        ("orders-copy", "orders-copy is not a copy of PeopleTable: its keys differ. Nothing was changed."),
        ("PeopleTable", "PeopleTable is a table of the stack, not a copy. Nothing was changed."),
    ],
)
def test_other_tables_are_rejected(shell: Shell, dynamodb: DynamoDBClient, name: str, message: str) -> None:
    dynamodb.restore_table_to_point_in_time(
        SourceTableName="OrdersTable", TargetTableName="orders-copy", UseLatestRestorableTime=True
    )

    assert error(shell(f"tables restore people --from {name}")) == message
    assert count(dynamodb, "PeopleTable") == 1


def test_production_is_restored_once_its_name_is_given(shell: Shell, dynamodb: DynamoDBClient) -> None:
    shell.stage = "prod"

    wrong = shell("tables restore people --from copy --stack shop-prod", typed="y\n")
    assert error(wrong) == 'The stack\'s name is shop-prod, not "y". Nothing was changed.'
    assert count(dynamodb, "PeopleTable") == 1

    assert shell("tables restore people --from copy --stack shop-prod", typed="shop-prod\n").stdout == (
        "1 items restored. Delete the copy when you have checked them.\n"
    )
