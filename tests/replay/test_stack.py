"""One event file of each outcome of each function, sent to the functions of a deployed stack."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dev.application.stack import Stack
from dev.replay.cases import load_case
from dev.replay.targets import Target, open_target
from tests.replay import check_case


@pytest.fixture(scope="module")
def deployed(stack: Stack) -> Iterator[Target]:
    with open_target("stack", stack) as target:
        yield target
        assert target.remove_remains() == []


def test_outcome_is_as_expected(deployed: Target, sent_path: Path) -> None:
    check_case(deployed.run(load_case(sent_path)))
