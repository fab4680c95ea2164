"""Unit tests: no network, AWS in memory with the template's own tables."""

import functools
import gc
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from hypothesis import settings
from mypy_boto3_dynamodb import DynamoDBClient

from dev.application import demo_data, in_process
from dev.application.deployed_stack import DeployedStack
from dev.application.in_process import captured_log
from tests.template_facts import FUNCTIONS_BY_ID, TABLES
from tests.unit.clock import Clock
from tests.unit.empty_aws import copied_tables, empty_aws, replace_tables

if TYPE_CHECKING:  # few tests need the command line, and it takes a second
    from tests.unit.shell import Shell

settings.load_profile("ci")  # the same examples in every run; others in the weekly one
NAMES = {table: in_process.physical_name(table) for table in TABLES}

type LogLines = Callable[[], list[dict[str, Any]]]


def pytest_collection_finish() -> None:
    """Exclude all that collection has loaded from garbage collections, which took a tenth of the time."""
    gc.freeze()


@pytest.fixture(autouse=True)
def _no_sockets(socket_disabled: None) -> None:
    """A unit test that talks to anything fails."""


@pytest.fixture
def dynamodb(monkeypatch: pytest.MonkeyPatch) -> Iterator[DynamoDBClient]:
    """Empty tables and buckets, and the environment that names them to the functions."""
    with empty_aws():
        for function in FUNCTIONS_BY_ID.values():
            for variable, store in function.stores.items():
                monkeypatch.setenv(variable, in_process.physical_name(store))
        yield in_process.client("dynamodb")


@pytest.fixture
def deployed(dynamodb: DynamoDBClient) -> DeployedStack:
    """A stack whose tables are empty."""
    return DeployedStack(
        "in-memory", is_local=True, resources={"AWS::DynamoDB::Table": NAMES}, client=in_process.client
    )


@pytest.fixture
def seeded(deployed: DeployedStack) -> DeployedStack:
    """A stack that holds the demo data and nothing else."""
    replace_tables(with_demo_data())
    return deployed


@functools.cache
def with_demo_data() -> bytes:
    """Return the tables with the demo data, which takes forty requests to add."""
    demo_data.add_missing(in_process.client("dynamodb"), NAMES)
    return copied_tables()


@pytest.fixture
def shell(seeded: DeployedStack, monkeypatch: pytest.MonkeyPatch) -> "Shell":
    from tests.unit.shell import Shell

    shell = Shell(seeded)
    monkeypatch.setattr(
        "dev.application.deployed_stack.open_deployed",
        lambda stack, *_: replace(shell.deployed, name=stack or "in-memory", is_local=stack is None),
    )
    monkeypatch.setattr(DeployedStack, "is_production", lambda _: shell.stage == "prod")
    return shell


@pytest.fixture
def clock() -> Iterator[Clock]:
    """The functions' time, which the test sets."""
    clock = Clock()
    with mock.patch("shared.clock.datetime", clock):
        yield clock


@pytest.fixture
def log_lines() -> Iterator[LogLines]:
    """The structured lines that functions have logged so far."""
    log = io.StringIO()
    with captured_log(log):
        yield lambda: [json.loads(line) for line in log.getvalue().splitlines()]
