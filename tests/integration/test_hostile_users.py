"""Hostile text through every field and parameter of the direct routes: kept as it is, or refused; nothing else."""

import re
from collections.abc import Callable

import httpx
import pytest

from dev.replay.table_state import Items
from tests.hostile_strings import HOSTILE
from tests.integration.test_products import assert_problem

ADA = {"name": "Ada", "email": "ada@example.com"}
REFUSED = {"2 KB", "400 KB"}
hostile = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)


def test_table_of_hostile_strings_is_long_enough() -> None:
    assert len(HOSTILE) >= 40


@hostile
def test_hostile_name_is_stored_and_returned_as_it_is_or_refused(
    carol: httpx.Client, reader: httpx.Client, all_items: Callable[[], Items], user_id: str, text: str
) -> None:
    before = all_items()

    answer = carol.put(f"users/{user_id}", json={"name": text, "email": "a@b"})

    if text in {HOSTILE[name] for name in REFUSED}:
        assert_refused(answer)
        assert all_items() == before
    else:
        assert_stored(reader, before, all_items(), user_id, {"name": text, "email": "a@b"})


@hostile
def test_hostile_email_is_stored_and_returned_as_it_is_or_refused(
    carol: httpx.Client, reader: httpx.Client, all_items: Callable[[], Items], user_id: str, text: str
) -> None:
    before = all_items()

    answer = carol.put(f"users/{user_id}", json={"name": "x", "email": f"{text}@b"})

    if answer.status_code != 200:
        assert len(text) > 250 or any(character <= " " for character in text)
        assert_refused(answer)
        assert all_items() == before
    else:
        assert_stored(reader, before, all_items(), user_id, {"name": "x", "email": f"{text}@b"})


POSSIBLE_IDS = {"null", "number"}
"""Strings of the table that are good ids, whatever they mean elsewhere."""

impossible_id = pytest.mark.parametrize(
    "text",
    [text[:8000] for name, text in HOSTILE.items() if name not in POSSIBLE_IDS],
    ids=[name for name in HOSTILE if name not in POSSIBLE_IDS],
)


@pytest.mark.parametrize("name", POSSIBLE_IDS)
def test_word_of_another_language_is_an_id_like_any(carol: httpx.Client, reader: httpx.Client, name: str) -> None:
    one = f"users/{HOSTILE[name]}"

    assert carol.put(one, json=ADA).json() == {"user_id": HOSTILE[name]}
    assert reader.get(one).json()["user_id"] == HOSTILE[name]
    assert carol.delete(one).status_code == 204


@impossible_id
def test_impossible_user_id_is_refused_everywhere(
    carol: httpx.Client, reader: httpx.Client, all_items: Callable[[], Items], text: str
) -> None:
    """By the template; or by the gateway, which reads a slash in it, or whose policies know no line break."""
    before = all_items()
    by_gateway = {(403, "Forbidden"), (404, "RouteNotFound")} if re.search(r"[/\n]", text) else set()

    for answer in (
        carol.put(f"users/{encoded(text)}", json=ADA),
        carol.delete(f"users/{encoded(text)}"),
        reader.get(f"users/{encoded(text)}"),
    ):
        assert (answer.status_code, answer.json()["code"]) in {(400, "InvalidParameter"), *by_gateway}
        assert_problem(answer)
    assert all_items() == before


@impossible_id
def test_impossible_limit_and_cursor_are_refused(reader: httpx.Client, text: str) -> None:
    for parameter in ("limit", "cursor"):
        answer = reader.get(f"users?{parameter}={encoded(text)}")

        assert (answer.status_code, answer.json()["code"]) == (400, "InvalidParameter")


@hostile
def test_hostile_field_name_adds_no_attribute(carol: httpx.Client, all_items: Callable[[], Items], text: str) -> None:
    before = all_items()

    answer = carol.put("users/hostile-field", json=ADA | {text: "x"})

    assert_refused(answer)
    assert all_items() == before


def assert_refused(answer: httpx.Response) -> None:
    assert answer.status_code in {400, 413}
    assert_problem(answer)


def assert_stored(reader: httpx.Client, before: Items, after: Items, user_id: str, sent: dict[str, str]) -> None:
    item = after["UsersTable"].pop((user_id,))
    assert after == before
    assert set(item) == {"UserId", "name", "email", "owner", "created_at"}
    assert {name: item[name] for name in sent} == sent
    answer = reader.get(f"users/{user_id}").json()
    assert {name: answer[name] for name in sent} == sent


def encoded(text: str) -> str:
    """Return text as one segment of a path or one value of a query."""
    return "".join(f"%{byte:02X}" for byte in text.encode())
