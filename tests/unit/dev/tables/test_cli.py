"""`dev tables`: what it prints for programs, and what it asks before it writes."""

import json

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from tests.unit.shell import Shell, count, error


def test_list(shell: Shell) -> None:
    listed = shell.json("tables list")

    assert [(each["table"], each["items"]) for each in listed] == [
        ("OrdersTable", 4),
        ("PeopleTable", 2),
        ("RequestsTable", 0),
        ("FilesTable", 0),
    ]
    assert set(listed[0]) == {"table", "name", "status", "items", "bytes"}


@pytest.mark.parametrize("name", ["orders", "OrdersTable", "orderstable"])
def test_table_goes_by_either_name(shell: Shell, name: str) -> None:
    assert shell.json(f"tables describe {name}")["table"] == "OrdersTable"


def test_unknown_table_is_an_error_that_names_those_there_are(shell: Shell) -> None:
    assert error(shell("tables scan invoices")).startswith("No table invoices. There are: OrdersTable, PeopleTable")


def test_scan_goes_on_where_the_page_before_ended(shell: Shell) -> None:
    first = shell.json("tables scan orders --limit 3")
    key = json.dumps(first["next"], separators=(",", ":"))

    second = shell.json(f"tables scan orders --after {key}")

    assert set(first) == {"table", "items", "capacity_units", "next"}
    assert (len(first["items"]), len(second["items"]), second["next"]) == (3, 1, None)
    assert first["items"][0]["balance"] == 1500


@pytest.mark.parametrize("after", ["CUST-1001", "{}", "[]", "7"])
def test_key_that_is_none_is_rejected(shell: Shell, after: str) -> None:
    assert (
        error(shell(f"tables scan orders --after {after}"))
        == "--after takes a key as JSON with these attributes: customer_id, order_id"
    )


def test_output_for_people_has_every_item(shell: Shell) -> None:
    shown = shell("tables scan orders").stdout

    assert all(f"CUST-100{number}" in shown for number in (1, 2, 3, 4))
    assert "4 items, 1 request unit\n" in shown


def test_description_says_what_the_emulator_lacks(shell: Shell) -> None:
    def row(command: str) -> str:
        return next(line for line in shell(command).stdout.splitlines() if "encryption" in line)

    assert row("tables describe orders").split() == ["│", "encryption", "│", "not", "emulated", "│"]
    assert row("tables describe orders --stack prod").split() == ["│", "encryption", "│", "none", "│"]


def test_seed_says_what_it_added(shell: Shell, dynamodb: DynamoDBClient) -> None:
    dynamodb.delete_item(TableName="PeopleTable", Key={"PersonId": {"S": "demo-edsger"}})

    assert shell.json("tables seed people") == {"PeopleTable": 1}
    assert shell("seed").stdout == "0 items added.\n"


def test_drop_asks_and_deletes_every_item_of_one_table(shell: Shell, dynamodb: DynamoDBClient) -> None:
    done = shell("tables drop orders", typed="in-memory\n")

    assert done.stdout == "4 items deleted. The table remains.\n"
    assert done.stderr == (
        "This deletes every item of OrdersTable in the stack in-memory. Type the stack's name to continue:\n"
    )
    assert (count(dynamodb, "OrdersTable"), count(dynamodb, "PeopleTable")) == (0, 2)


def test_local_drop_can_do_without_the_question(shell: Shell) -> None:
    assert shell.json("tables drop orders --yes") == {"table": "OrdersTable", "deleted": 4}


def test_another_stack_is_not_written_to_unless_its_name_is_typed(
    subtests: pytest.Subtests, shell: Shell, dynamodb: DynamoDBClient
) -> None:
    for command in ["tables drop orders", "tables seed", "seed", "tables patterns"]:
        for typed in ["", "y\n", "in-memory\n"]:
            with subtests.test(command=command, typed=typed):
                dynamodb.delete_item(TableName="PeopleTable", Key={"PersonId": {"S": "demo-edsger"}})

                done = shell(f"{command} --stack prod-like", typed)

                assert error(done) == f'The stack\'s name is prod-like, not "{typed.strip()}". Nothing was changed.'
                assert (count(dynamodb, "OrdersTable"), count(dynamodb, "PeopleTable")) == (4, 1)


def test_another_stack_is_written_to_once_its_name_is_typed(shell: Shell, dynamodb: DynamoDBClient) -> None:
    assert shell("tables drop people --stack staging", typed="staging\n").exit_code == 0
    assert shell("tables seed --stack staging", typed="staging\n").stdout == "2 items added.\n"


def test_yes_is_no_answer_on_another_stack(shell: Shell, dynamodb: DynamoDBClient) -> None:
    assert "--yes is not enough" in error(shell("tables drop people --stack staging --yes", typed="staging\n"))
    assert count(dynamodb, "PeopleTable") == 2


@pytest.mark.parametrize("command", ["seed", "patterns"])
def test_pipeline_gives_the_name_of_another_stack(shell: Shell, dynamodb: DynamoDBClient, command: str) -> None:
    dynamodb.delete_item(TableName="PeopleTable", Key={"PersonId": {"S": "demo-edsger"}})

    wrong = shell(f"tables {command} --stack staging --confirm prod", typed="staging\n")
    assert error(wrong) == 'The stack\'s name is staging, not "prod". Nothing was changed.'
    assert count(dynamodb, "PeopleTable") == 1

    assert shell(f"tables {command} --stack staging --confirm staging").exit_code == 0
    assert count(dynamodb, "PeopleTable") == 2


def test_drop_takes_no_name_from_a_pipeline(shell: Shell, dynamodb: DynamoDBClient) -> None:
    assert shell("tables drop people --stack staging --confirm staging", typed="staging\n").exit_code == 2
    assert count(dynamodb, "PeopleTable") == 2


@pytest.mark.parametrize("command", ["drop orders --yes", "drop orders", "seed", "patterns"])
def test_production_is_not_written_to(shell: Shell, dynamodb: DynamoDBClient, command: str) -> None:
    shell.stage = "prod"

    assert error(shell(f"tables {command}", typed="in-memory\n")) == (
        "in-memory is a production stack, which this command never changes. Nothing was changed."
    )
    assert count(dynamodb, "OrdersTable") == 4


def test_protected_table_keeps_its_items(shell: Shell, dynamodb: DynamoDBClient) -> None:
    dynamodb.update_table(TableName="PeopleTable", DeletionProtectionEnabled=True)

    assert error(shell("tables drop people --yes")) == "PeopleTable has deletion protection. Nothing was changed."
    assert count(dynamodb, "PeopleTable") == 2
