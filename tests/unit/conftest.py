"""Unit tests: no network, AWS in memory with the template's own tables."""

import gc
import io
import json
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from dev.application import in_process
from dev.application.in_process import captured_log
from tests.unit.clock import Clock
from tests.unit.empty_aws import empty_aws

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
        monkeypatch.setenv("PRODUCTS_TABLE", "ProductsTable")
        monkeypatch.setenv("IDEMPOTENCY_TABLE", "IdempotencyTable")
        monkeypatch.setenv("USER_ARCHIVE_BUCKET", "userarchivebucket")
        yield in_process.client("dynamodb")


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
