"""limit and cursor of lists."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import InvalidCursorError, InvalidParameterError
from shared.paging import page_response, requested_page

ANY = re.compile(r"(?s).*")
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
"""The default of st.text(), which takes seconds to ask the codec for the same characters."""


def next_cursor(sort_key: str) -> str:
    body = page_response([], sort_key).body
    assert isinstance(body, dict)
    return str(body["next_cursor"])


def test_first_page_has_the_default_size() -> None:
    assert requested_page({}, ANY) == (25, None)


@pytest.mark.parametrize(("text", "limit"), [("1", 1), ("25", 25), ("100", 100), ("99", 99)])
def test_limit_is_read(text: str, limit: int) -> None:
    assert requested_page({"limit": text}, ANY) == (limit, None)


def test_bad_limit_is_rejected(subtests: pytest.Subtests) -> None:
    for text in ["", "0", "007", "101", "-1", "1.0", "1e2", "ten", " 5", "٥", "²", "9" * 5000]:
        with subtests.test(text=text), pytest.raises(InvalidParameterError):
            requested_page({"limit": text}, ANY)


def test_last_page_has_no_cursor() -> None:
    assert page_response([{"id": 1}], None).body == {"items": [{"id": 1}], "next_cursor": None}


@given(TEXT)
def test_cursor_round_trips(sort_key: str) -> None:
    assert requested_page({"cursor": next_cursor(sort_key)}, ANY) == (25, sort_key)


@given(TEXT)
def test_only_cursors_of_a_list_are_accepted(cursor: str) -> None:
    try:
        _, sort_key = requested_page({"cursor": cursor}, ANY)
    except InvalidCursorError:
        return
    assert sort_key is not None
    assert next_cursor(sort_key) == cursor


BAD_CURSORS = {
    "empty": "",
    "not base64": "%%%",
    "not ascii": "é",
    "[]": "W10",
    "two keys": "WyJhIiwiYiJd",
    "{}": "e30",
    "null": "bnVsbA",
    "[1]": "WzFd",
    "padded": "WyJhIl0=",
    "space": "WyJhIl0 ",
    "long": "Wy" * 20000,
}


def test_bad_cursor_is_rejected(subtests: pytest.Subtests) -> None:
    for name, cursor in BAD_CURSORS.items():
        with subtests.test(name), pytest.raises(InvalidCursorError):
            requested_page({"cursor": cursor}, ANY)


@pytest.mark.parametrize("sort_key", ["b", "aa", "a\n", ""])
def test_sort_key_must_match_as_a_whole(sort_key: str) -> None:
    with pytest.raises(InvalidCursorError):
        requested_page({"cursor": next_cursor(sort_key)}, re.compile("a"))
