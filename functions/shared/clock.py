"""The time, in one place and one format."""

from datetime import UTC, datetime


def now() -> str:
    """Return the time as RFC 3339 UTC with milliseconds, such as 2026-01-31T09:00:00.000Z; sorts as text."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
