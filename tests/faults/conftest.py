"""Functions in this process, on AWS in memory."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from unittest import mock

import pytest

import tests.function_environment  # noqa: F401
from dev.application.stack import Stack
from dev.paths import EVENTS
from dev.replay.cases import load_case
from dev.replay.targets import open_target
from tests.faults.harness import Harness, single_faults
from tests.unit.clock import Clock


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Allow the issuer of tokens, and processes that end before they have counted anything."""
    for item in items:
        item.add_marker(pytest.mark.allow_hosts(["127.0.0.1"]))
        item.add_marker(pytest.mark.filterwarnings("ignore:No application metrics to publish"))


@pytest.fixture(scope="module")
def harness() -> Iterator[Harness]:
    """The functions' time stands still, so that two deliveries of an event write the same times."""
    clock = Clock()
    clock.time = datetime.now(UTC).isoformat(timespec="milliseconds")
    with open_target("process", Stack()) as target, mock.patch("shared.clock.datetime", clock):
        yield Harness(target)


@pytest.fixture
def finds(harness: Harness) -> Callable[[str, AbstractContextManager[object]], bool]:
    """Return whether single faults of an event reveal a bug."""

    def find(event: str, bug: AbstractContextManager[object]) -> bool:
        case = load_case(EVENTS / f"{event}.json")
        plans = list(single_faults(harness.history(case).calls))
        with bug:
            return any(harness.violation(case, plan) for plan in plans)

    return find
