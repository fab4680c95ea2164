"""Faults between the AWS SDK and the service."""

import contextlib
from collections.abc import Iterator
from typing import Any


@contextlib.contextmanager
def lost_answer(client: Any, operation: str) -> Iterator[None]:
    """Let the SDK repeat its next request of `operation` although the service handled it: the answer was lost."""
    event = f"needs-retry.dynamodb.{operation}"

    def repeat(attempts: int, **_: Any) -> int | None:
        return 0 if attempts == 1 else None  # seconds to wait; None: the answer arrived

    client.meta.events.register_first(event, repeat)
    try:
        yield
    finally:
        client.meta.events.unregister(event, repeat)
