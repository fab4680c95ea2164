"""Times as RFC 3339 UTC text with milliseconds, which sorts by time."""

from datetime import UTC, datetime, timedelta


def now() -> str:
    """Return the current time, such as 2026-01-31T09:00:00.000Z."""
    return _text(datetime.now(UTC))


def later(time: str, *, days: int = 0, seconds: int = 0) -> str:
    """Return `time` plus a duration."""
    return _text(datetime.fromisoformat(time) + timedelta(days=days, seconds=seconds))


def epoch_seconds(time: str) -> int:
    """Return whole seconds since 1970, the format of DynamoDB's TTL."""
    return int(datetime.fromisoformat(time).timestamp())


def _text(time: datetime) -> str:
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")
