"""Event files replayed on each target: a new file is a new test."""

import pytest

import tests.function_environment  # noqa: F401
from dev.cases import event_files
from dev.paths import EVENTS

every_event = pytest.mark.parametrize(
    "path", event_files(), ids=lambda path: str(path.relative_to(EVENTS).with_suffix(""))
)
