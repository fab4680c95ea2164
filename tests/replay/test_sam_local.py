"""Every event file, through real `sam local` against a stack's tables."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dev.cases import event_files, load_case
from dev.paths import EVENTS
from dev.replay import Target, target
from dev.stack import Stack


@pytest.fixture(scope="module")
def sam_local(docker: None, stack: Stack) -> Iterator[Target]:
    with target("sam-local", stack) as place:
        yield place


@pytest.mark.parametrize("path", event_files(), ids=lambda path: str(path.relative_to(EVENTS).with_suffix("")))
def test_outcome_is_as_expected(sam_local: Target, path: Path) -> None:
    assert sam_local.run(load_case(path)) == []
