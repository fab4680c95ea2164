"""Every event file, sent to the functions of a deployed stack."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dev.cases import event_files, load_case
from dev.paths import EVENTS
from dev.replay import Target, target
from dev.stack import Stack


@pytest.fixture(scope="module")
def deployed(stack: Stack) -> Iterator[Target]:
    with target("stack", stack) as place:
        yield place


@pytest.mark.parametrize("path", event_files(), ids=lambda path: str(path.relative_to(EVENTS).with_suffix("")))
def test_outcome_is_as_expected(deployed: Target, path: Path) -> None:
    assert deployed.run(load_case(path)) == []
