"""Waiting for what another process or thread does."""

import time
from collections.abc import Callable

DEADLINE_SECONDS = 240
"""Long enough for a busy machine: it exists only to stop a test that hangs."""


def wait_until(true: Callable[[], object]) -> None:
    """Poll until a condition holds. Fails after the deadline."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not true():
        assert time.monotonic() < deadline, f"not within {DEADLINE_SECONDS} s"
        time.sleep(0.02)
