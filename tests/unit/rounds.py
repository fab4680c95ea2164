"""Calls that wait for each other, to show without a clock how many are made at the same time."""

import threading
from typing import Any

from shared.aws import CALLS_AT_ONCE


class Rounds:
    """A round is CALLS_AT_ONCE calls at the same time. A call fails if the others of its round do not come."""

    def __init__(self) -> None:
        self.count = 0
        self._barrier = threading.Barrier(CALLS_AT_ONCE, self._end, timeout=60)

    def call(self, **_: Any) -> dict[str, Any]:
        self._barrier.wait()
        return {}

    def _end(self) -> None:
        self.count += 1
