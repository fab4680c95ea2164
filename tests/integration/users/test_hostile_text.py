"""Hostile text through the gateway, the direct routes and DynamoDB: stored unchanged, or rejected.

tests/unit/users/direct_routes/test_hostile_text.py sends every string of the table; here are one or two of each kind.
"""

import re
from collections.abc import Callable

import httpx

from dev.replay.table_state import Items
from tests.hostile_strings import HOSTILE
from tests.integration.problems import assert_problem

ADA = {"name": "Ada", "email": "ada@example.com"}
STORED = [
    "double quote",
    "backslash at the end",
    "line feed",
    "NUL",
    "reference",
    "other key",
    "line separator",
    "4-byte character",
    "noncharacter",
    "256 characters",
]
BAD_IDS = [
    "double quote",
    "slash",
    "line feed",
    "NUL",
    "reference",
    "end of the request",
    "4-byte character",
    "path",
    "percent",
    "2 KB",
]


def test_hostile_name_is_stored_unchanged(carol: httpx.Client, reader: httpx.Client, user_id: str) -> None:
    for name in STORED:
        assert carol.put(f"users/{user_id}", json={"name": HOSTILE[name], "email": "a@b"}).status_code == 200

        user = reader.get(f"users/{user_id}").json()
        assert user == {"user_id": user_id, "name": HOSTILE[name], "created_at": user["created_at"]}


def test_body_that_does_not_fit_the_model_changes_nothing(carol: httpx.Client, all_items: Callable[[], Items]) -> None:
    before = all_items()

    answers = [
        carol.put("users/U-1", json=ADA | {"name": HOSTILE["2 KB"]}),
        carol.put("users/U-1", json=ADA | {"email": "a\nb@c"}),
        carol.put("users/U-1", json=ADA | {HOSTILE["attribute more"]: "x"}),
        carol.put("users/U-1", json=ADA | {"name": HOSTILE["400 KB"]}),
    ]

    assert [answer.status_code for answer in answers] == [400] * 4
    for answer in answers:
        assert_problem(answer)
    assert all_items() == before


def test_word_of_another_language_is_an_id_like_any(carol: httpx.Client, reader: httpx.Client) -> None:
    for user_id in (HOSTILE["null"], HOSTILE["number"]):
        assert carol.put(f"users/{user_id}", json=ADA).json() == {"user_id": user_id}
        assert reader.get(f"users/{user_id}").json()["user_id"] == user_id
        assert carol.delete(f"users/{user_id}").status_code == 204


def test_bad_user_id_is_rejected_everywhere(
    carol: httpx.Client, reader: httpx.Client, all_items: Callable[[], Items]
) -> None:
    """By the template; or by the gateway, which reads a slash as a path, and whose policies match no line break."""
    before = all_items()

    for text in map(HOSTILE.__getitem__, BAD_IDS):
        by_gateway = {(403, "Forbidden"), (404, "RouteNotFound")} if re.search(r"[/\n]", text) else set()
        for answer in (
            carol.put(f"users/{encoded(text)}", json=ADA),
            carol.delete(f"users/{encoded(text)}"),
            reader.get(f"users/{encoded(text)}"),
        ):
            assert (answer.status_code, answer.json()["code"]) in {(400, "InvalidParameter"), *by_gateway}
            assert_problem(answer)

    assert all_items() == before


def test_bad_limit_and_cursor_are_rejected(reader: httpx.Client) -> None:
    answers = [
        reader.get(f"users?{parameter}={encoded(HOSTILE[name])}")
        for parameter in ("limit", "cursor")
        for name in ("double quote", "NUL", "reference", "4-byte character", "2 KB")
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(400, "InvalidParameter")] * 10


def encoded(text: str) -> str:
    """Return text as one segment of a path or one value of a query."""
    return "".join(f"%{byte:02X}" for byte in text.encode())
