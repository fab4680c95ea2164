"""Access patterns run as functions run them: recorded, restored, or not sent."""

import signal

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from dev.application import demo_data
from dev.application.access_patterns.pattern import Pattern
from dev.application.deployed_stack import DeployedStack
from dev.local_aws.signals import SIGNALS
from dev.replay.table_state import Items
from dev.tables import patterns
from dev.tables.recorder import READS, Recorder
from tests.template_facts import TABLES
from tests.unit.pattern_runs import contents
from tests.unit.shell import Shell, count


def test_tables_end_as_they_were(seeded: DeployedStack, dynamodb: DynamoDBClient) -> None:
    before = contents(dynamodb)

    ran = list(patterns.run(seeded))

    assert contents(dynamodb) == before
    assert {outcome.rejected for outcome in ran} == {None}


def test_read_only_shows_writes_and_sends_none(deployed: DeployedStack, dynamodb: DynamoDBClient) -> None:
    ran = list(patterns.run(deployed, read_only=True))

    assert not any(contents(dynamodb).values())
    calls = [call for outcome in ran for call in outcome.calls]
    assert all(call.sent is (call.operation in READS) for call in calls)
    assert {call.sent for call in calls} == {True, False}


def test_output_fits_80_columns(shell: Shell) -> None:
    commands = ["tables list", *(f"tables describe {table}" for table in TABLES), "tables patterns"]

    lines = [line for command in commands for line in shell(command).stdout.splitlines()]

    assert len(lines) > 50
    assert [line for line in lines if len(line) > 80] == []


def test_patterns_for_programs(shell: Shell) -> None:
    (first, *_) = shell.json(f"tables patterns {next(iter(TABLES))}")

    assert set(first) == {"name", "table", "source", "requests", "rejected"}
    assert set(first["requests"][0]) == {
        *("operation", "request", "sent", "capacity_units", "capacity_units_by_index", "items", "error"),
    }


def test_patterns_of_one_table_add_its_demo_data_only(shell: Shell, dynamodb: DynamoDBClient) -> None:
    for table in TABLES:
        shell(f"tables drop {table} --yes")
    filled = next(table for table in TABLES if demo_data.ITEMS.get(table))

    shell(f"tables patterns {filled}")

    assert [table for table in TABLES if count(dynamodb, table)] == [filled]


def test_production_is_read(shell: Shell) -> None:
    shell.stage = "prod"

    assert {call["sent"] for each in shell.json("tables patterns --read-only") for call in each["requests"]} == {
        True,
        False,
    }


@pytest.mark.parametrize("number", SIGNALS)
def test_signal_waits_until_items_are_restored(
    seeded: DeployedStack, dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    before, found, ask = contents(dynamodb), list[Items](), patterns._ask

    def ask_and_stop(pattern: Pattern, recorder: Recorder) -> str | None:
        rejected = ask(pattern, recorder)
        signal.raise_signal(number)
        return rejected

    monkeypatch.setattr(patterns, "_ask", ask_and_stop)
    handler = signal.signal(number, lambda *_: found.append(contents(dynamodb)))
    try:
        next(patterns.run(seeded))
    finally:
        signal.signal(number, handler)

    assert found == [before]
