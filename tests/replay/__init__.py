"""Event files replayed on each target: a new file is a new test."""

from pathlib import Path

import pytest

import tests.function_environment  # noqa: F401
from dev.paths import EVENTS
from dev.replay.cases import event_files, expectation_of, load_json


def parameters(paths: list[Path]) -> list[object]:
    """Return event files as parameters of a test, by feature, function and case."""
    return [pytest.param(path, id=str(path.relative_to(EVENTS).with_suffix(""))) for path in paths]


def one_of_each_outcome(paths: list[Path]) -> list[Path]:
    """Return the first event file of each function with each status, error or result."""
    first: dict[tuple[Path, str], Path] = {}
    for path in paths:
        expect = load_json(expectation_of(path))
        outcome = str(expect.get("status", expect.get("raises", expect.get("returns"))))
        first.setdefault((path.parent, outcome), path)
    return list(first.values())


def check_case(problems: list[str]) -> None:
    """Fail with the explanation of a failed case."""
    if problems:
        pytest.fail("\n\n".join(problems), pytrace=False)


EVERY_EVENT = event_files()
ONE_OF_EACH_OUTCOME = one_of_each_outcome(EVERY_EVENT)
