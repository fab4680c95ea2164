"""Options of several commands."""

from datetime import UTC, datetime, timedelta

import pytest
import typer

from dev.options import parse_time


def test_time_is_a_duration_before_now_or_an_iso_time() -> None:
    before, moment, after = datetime.now(UTC), parse_time("10m"), datetime.now(UTC)

    assert before <= moment + timedelta(minutes=10) <= after
    assert parse_time("2026-11-26T17:16:03") == datetime(2026, 11, 26, 17, 16, 3, tzinfo=UTC)
    assert parse_time("2026-11-26T18:16:03+01:00") == parse_time("2026-11-26T17:16:03")


@pytest.mark.parametrize("text", ["yesterday", "9999999999d", "999999d"])
def test_time_that_is_none_is_rejected(text: str) -> None:
    with pytest.raises(typer.BadParameter):
        parse_time(text)
