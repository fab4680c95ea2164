"""Every event file, through real `sam local` against a stack's tables."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dev.application.stack import Stack
from dev.replay.cases import load_case
from dev.replay.targets import Target, target
from tests.replay import every_event


@pytest.fixture(scope="module")
def sam_local(docker: None, stack: Stack) -> Iterator[Target]:
    with target("sam-local", stack) as place:
        yield place


@every_event
def test_outcome_is_as_expected(sam_local: Target, path: Path) -> None:
    assert sam_local.run(load_case(path)) == []
