"""`dev tables patterns`: what it prints, and when it fails."""

from mypy_boto3_dynamodb import DynamoDBClient

from dev.application import demo_data
from tests.unit.dev.conftest import Shell, count, error


def test_patterns_are_printed_with_request_cost_and_items(shell: Shell) -> None:
    shown = shell("tables patterns users").stdout

    assert "get-user  (GET /users/{user_id})\n" in shown
    assert '  GetItem {"Key": {"UserId": {"S": "demo-edsger"}}, "ConsistentRead": true}\n' in shown
    assert "  1 request unit, 2 items\n" in shown
    assert "Edsger Dijkstra" in shown


def test_writes_of_a_transaction_have_a_line_each(shell: Shell) -> None:
    shown = shell("tables patterns messages").stdout

    assert "  TransactWriteItems\n    Update {" in shown
    assert shown.count("\n    Delete {") == 2


def test_patterns_for_programs(shell: Shell) -> None:
    (first, *_) = shell.json("tables patterns users")

    assert set(first) == {"name", "table", "source", "requests", "refused"}
    assert set(first["requests"][0]) == {
        *("operation", "request", "sent", "capacity_units", "capacity_units_by_index", "items", "error"),
    }


def test_pattern_that_does_not_find_what_it_needs_is_a_failure(shell: Shell, dynamodb: DynamoDBClient) -> None:
    taken = {**demo_data.ITEMS["ProductsTable"][0], "product_id": "DEV-TABLES"}
    dynamodb.put_item(TableName="ProductsTable", Item=demo_data.attribute_values(taken))

    done = shell("tables patterns products")

    assert "ended with ProductExistsError" in done.stdout
    assert error(done).startswith("A pattern did not find its demo data")


def test_patterns_of_one_table_add_its_demo_data_only(shell: Shell, dynamodb: DynamoDBClient) -> None:
    shell("tables drop users --yes")
    shell("tables drop media --yes")

    shell("tables patterns users")

    assert (count(dynamodb, "UsersTable"), count(dynamodb, "MediaTable")) == (2, 0)


def test_production_is_read(shell: Shell) -> None:
    shell.stage = "prod"

    assert {call["sent"] for each in shell.json("tables patterns --read-only") for call in each["requests"]} == {
        True,
        False,
    }
