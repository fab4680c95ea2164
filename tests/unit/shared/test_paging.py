"""limit and cursor of lists."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import InvalidCursorError, InvalidParameterError
from shared.paging import decode_cursor, encode_cursor, page_limit


def test_limit_has_a_default() -> None:
    assert page_limit({}) == 25


@pytest.mark.parametrize(("text", "limit"), [("1", 1), ("25", 25), ("100", 100), ("99", 99)])
def test_limit_is_read(text: str, limit: int) -> None:
    assert page_limit({"limit": text}) == limit


@pytest.mark.parametrize("text", ["", "0", "007", "101", "-1", "1.0", "1e2", "ten", " 5", "٥", "²", "9" * 5000])
def test_bad_limit_is_refused(text: str) -> None:
    with pytest.raises(InvalidParameterError):
        page_limit({"limit": text})


@given(st.text())
def test_cursor_round_trips(sort_key: str) -> None:
    assert decode_cursor(encode_cursor(sort_key)) == sort_key


@given(st.text())
def test_no_cursor_that_we_never_gave_is_taken(cursor: str) -> None:
    try:
        sort_key = decode_cursor(cursor)
    except InvalidCursorError:
        return
    assert encode_cursor(sort_key) == cursor


@pytest.mark.parametrize(
    "cursor",
    ["", "%%%", "é", "W10", "WyJhIiwiYiJd", "e30", "bnVsbA", "WzFd", "WyJhIl0=", "WyJhIl0 ", "Wy" * 20000],
    ids=["empty", "not base64", "not ascii", "[]", "two keys", "{}", "null", "[1]", "padded", "space", "long"],
)
def test_bad_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidCursorError):
        decode_cursor(cursor)
