"""Event files replayed on each target: a new file is a new test."""

import pytest

from dev.paths import EVENTS
from dev.replay.cases import event_files

every_event = pytest.mark.parametrize(
    "path", event_files(), ids=lambda path: str(path.relative_to(EVENTS).with_suffix(""))
)
