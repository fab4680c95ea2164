"""The time, in one place and one format."""

from datetime import UTC, datetime, timedelta


def now() -> str:
    """Return the time as RFC 3339 UTC with milliseconds, such as 2026-01-31T09:00:00.000Z; sorts as text."""
    return _text(datetime.now(UTC))


def later(time: str, *, days: int = 0, seconds: int = 0) -> str:
    """Return the time so much after another one, in the same format."""
    return _text(datetime.fromisoformat(time) + timedelta(days=days, seconds=seconds))


def _text(time: datetime) -> str:
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")
