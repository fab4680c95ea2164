"""Times as text."""

from shared.clock import epoch_seconds


def test_time_to_live_is_in_whole_seconds() -> None:
    assert epoch_seconds("2026-01-01T00:00:00.999Z") == 1767225600
