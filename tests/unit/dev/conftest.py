"""A stack in memory, with the template's tables and all demo data, and a shell to run `dev` in."""

import functools
import json
from dataclasses import dataclass, replace
from typing import Any

import botocore.session
import pytest
from mypy_boto3_dynamodb import DynamoDBClient
from typer.testing import CliRunner, Result

from dev import tables_cli as cli
from dev.application import demo_data, in_process
from dev.cli import app
from dev.errors import DevError
from dev.tables.target import Place
from tests.template_facts import TABLES
from tests.unit.empty_aws import copied_tables, replace_tables

SESSION = botocore.session.get_session()
"""One for all clients: it reads the description of a service once."""
NAMES = {table: in_process.physical_name(table) for table in TABLES}


@pytest.fixture
def place(dynamodb: DynamoDBClient) -> Place:
    """A stack whose tables are empty."""
    return Place("in-memory", is_local=True, tables=NAMES, client=SESSION.create_client)


@pytest.fixture
def seeded(place: Place, dynamodb: DynamoDBClient) -> Place:
    """A stack that holds the demo data and nothing else."""
    replace_tables(_with_demo_data())
    return place


@functools.cache
def _with_demo_data() -> bytes:
    """Return the tables with the demo data, which takes forty requests to add."""
    demo_data.add_missing(in_process.client("dynamodb"), NAMES)
    return copied_tables()


@dataclass
class Shell:
    """Runs `dev` as if a stack was where it looks for one."""

    place: Place
    stage: str = "dev"

    def __call__(self, command: str, typed: str = "") -> Result:
        return CliRunner().invoke(app, command.split(), input=typed)

    def json(self, command: str) -> Any:
        done = self(f"{command} --json")
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)


@pytest.fixture
def shell(seeded: Place, monkeypatch: pytest.MonkeyPatch) -> Shell:
    shell = Shell(seeded)
    monkeypatch.setattr(
        cli, "open_place", lambda stack, *_: replace(shell.place, stack=stack or "in-memory", is_local=stack is None)
    )
    monkeypatch.setattr(Place, "is_production", lambda _place: shell.stage == "prod")
    return shell


def error(result: Result) -> str:
    assert isinstance(result.exception, DevError), result.output
    return str(result.exception)


def count(dynamodb: DynamoDBClient, table: str) -> int:
    return dynamodb.scan(TableName=table)["Count"]
