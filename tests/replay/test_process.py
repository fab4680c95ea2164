"""Every event file, in this process on AWS in memory. A new file is a new test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dev.application.stack import Stack
from dev.replay.cases import load_case
from dev.replay.targets import Target, target
from tests.replay import every_event


@pytest.fixture(scope="module")
def process() -> Iterator[Target]:
    with target("process", Stack()) as place:
        yield place


@every_event
def test_outcome_is_as_expected(process: Target, path: Path, socket_disabled: None) -> None:
    assert process.run(load_case(path)) == []
