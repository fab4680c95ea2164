"""Waiting for what another process or thread does."""

import time
from collections.abc import Callable

DEADLINE_SECONDS = 300


def wait_until(true: Callable[[], object]) -> None:
    """Wait until a condition holds; fail after five minutes."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not true():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.01)
