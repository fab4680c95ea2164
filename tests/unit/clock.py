"""A clock for functions, which stands still."""

from datetime import datetime
from typing import Any

NOON = "2026-03-31T12:00:00.000Z"


class Clock:
    """What functions take for the time: `time`, such as 2026-03-31T12:00:00.000Z."""

    def __init__(self) -> None:
        self.time = NOON

    def now(self, _zone: Any) -> datetime:
        return datetime.fromisoformat(self.time)

    fromisoformat = datetime.fromisoformat
