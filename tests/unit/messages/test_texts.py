"""The text that both POSTs take."""

import pytest

from tests.hostile_strings import HOSTILE
from tests.unit.empty_aws import copied_tables, replace_tables
from tests.unit.messages.calls import items, texts
from tests.unit.messages.posts import Post

GOOD_TEXTS = ["x", "x" * 1024, "😀" * 1024, " x ", "a\tb\nc", "e\u0301", "\u202eabc", "<script>", "\ufeffx"]
BAD_TEXTS = {
    "empty": "",
    "blank": " \t\n\u00a0\u2003",
    "1025 characters": "x" * 1025,
    "NUL": "a\x00b",
    "escape": "a\x1b[31m",
    "carriage return": "a\r\nb",
    "delete": "a\x7fb",
    "control of 8 bits": "a\x9bb",
    "lone surrogate": "a\ud83db",
    "surrogates the wrong way round": "\ude00\ud83d",
    "number": 7,
    "null": None,
    "list": ["x"],
}


def test_text_is_stored_unchanged(subtests: pytest.Subtests, post: Post) -> None:
    for text in GOOD_TEXTS:
        with subtests.test(text=text):
            status, body, _ = post(text)

            assert (status, body["message"]) == (201, text)
            assert text in texts()


def test_text_that_cannot_be_read_is_rejected(subtests: pytest.Subtests, post: Post) -> None:
    for name, text in BAD_TEXTS.items():
        with subtests.test(name):
            before = items()

            status, problem, _ = post(text)

            assert (status, problem["code"]) == (400, "InvalidBody")
            assert items() == before


def test_hostile_text_is_kept_or_rejected(post: Post) -> None:
    tables = copied_tables()
    answers = {}
    for name, text in HOSTILE.items():
        replace_tables(tables)  # a transaction in memory copies all that its tables hold
        answers[name] = post(text)

    rejected = {name: status for name, (status, _, _) in answers.items() if status != 201}
    assert rejected == {
        **dict.fromkeys(("carriage return", "other control characters", "NUL", "2 KB"), 400),
        "400 KB": 413,
    }
    assert all(body["message"] == HOSTILE[name] for name, (status, body, _) in answers.items() if status == 201)
