"""One event file of each outcome of each function, through real `sam local` against a stack's tables."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dev.application.stack import Stack
from dev.replay.cases import load_case
from dev.replay.targets import Target, open_target
from tests.replay import check_case


@pytest.fixture(scope="module")
def sam_local(docker: None, stack: Stack) -> Iterator[Target]:
    with open_target("sam-local", stack) as target:
        yield target
        assert target.remove_remains() == []


def test_outcome_is_as_expected(sam_local: Target, sent_path: Path) -> None:
    check_case(sam_local.run(load_case(sent_path)))
