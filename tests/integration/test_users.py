"""Users over HTTP: API Gateway's direct integrations, as far as the local stack has them."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from dev.stack import Stack, Status
from dev.stored import Items
from tests.integration.test_products import assert_problem

ADA = {"name": "Ada", "email": "ada@example.com"}
GRACE = {"name": "Grace", "email": "grace@example.com"}


def test_crud(carol: httpx.Client, reader: httpx.Client, user_id: str) -> None:
    one = f"users/{user_id}"

    created = carol.put(one, json=ADA)
    assert (created.status_code, created.json()) == (200, {"user_id": user_id})
    read = reader.get(one)
    assert (read.status_code, read.json() | {"created_at": ""}) == (200, {"user_id": user_id, **ADA, "created_at": ""})
    assert carol.put(one, json=GRACE).status_code == 200
    assert reader.get(one).json()["name"] == "Grace"
    assert carol.delete(one).status_code == 204
    assert reader.get(one).json()["code"] == "UserNotFound"
    assert carol.delete(one).json()["code"] == "UserNotFound"


def test_owner_is_the_caller_and_stays_hidden(
    stack: Stack, status: Status, carol: httpx.Client, reader: httpx.Client, user_id: str
) -> None:
    (owner,) = [user.sub for user in status.users if user.email == "carol@example.com"]

    carol.put(f"users/{user_id}", json=ADA)

    item = stack.client("dynamodb").get_item(TableName=status.tables["UsersTable"], Key={"UserId": {"S": user_id}})
    assert item["Item"]["owner"] == {"S": owner}
    assert owner not in reader.get(f"users/{user_id}").text


def test_another_s_user_is_not_touched(
    carol: httpx.Client, dave: httpx.Client, all_items: Callable[[], Items], user_id: str
) -> None:
    one = f"users/{user_id}"
    carol.put(one, json=ADA)
    before = all_items()

    put, delete = dave.put(one, json=GRACE), dave.delete(one)

    assert (put.status_code, put.json()["code"]) == (409, "UserOwnedByAnother")
    assert (delete.status_code, delete.json()["code"]) == (404, "UserNotFound")
    assert_problem(put)
    assert_problem(delete)
    assert all_items() == before


def test_pages_hold_every_user_once(
    carol: httpx.Client, reader: httpx.Client, user_id: str, all_items: Callable[[], Items]
) -> None:
    for number in range(7):
        carol.put(f"users/{user_id}-{number}", json=ADA)
    there = {key[0] for key in all_items()["UsersTable"]}

    seen: list[str] = []
    query: dict[str, Any] = {"limit": 3}
    while query:
        page = reader.get("users", params=query).json()
        assert len(page["items"]) <= 3
        seen += [user["user_id"] for user in page["items"]]
        query = {"limit": 3, "cursor": page["next_cursor"]} if page["next_cursor"] else {}

    assert sorted(seen) == sorted(there)


def test_of_two_who_race_for_one_id_one_owns_it(carol: httpx.Client, dave: httpx.Client, user_id: str) -> None:
    def put(client: httpx.Client) -> tuple[str, int]:
        return client.headers["Authorization"], client.put(f"users/{user_id}", json=ADA).status_code

    with ThreadPoolExecutor(4) as threads:
        answers = Counter(threads.map(put, [carol, dave] * 6))

    assert sorted((status, count) for (_, status), count in answers.items()) == [(200, 6), (409, 6)]


HOSTILE = {
    "double quote": '"',
    "single quote": "'",
    "quotes around": "\"'x'\"",
    "escaped quote": '\\"',
    "backslash": "\\",
    "two backslashes": "\\\\",
    "backslash and single quote": "\\'",
    "backslash at the end": "x\\",
    "slash": "a/b",
    "escape sequence": "\\n\\u0041\\x41",
    "line feed": "a\nb",
    "carriage return": "a\r\nb",
    "tab": "a\tb",
    "other control characters": "\x01\x08\x0c\x1f\x7f",
    "NUL": "a\x00b",
    "white space": " a ",
    "dollar": "$",
    "reference": "$context.authorizer.sub $!{input.path('$')}",
    "method call": "$util.escapeJavaScript('x')",
    "class": "$context.getClass().forName('java.lang.Runtime')",
    "set": "#set($user_id = 'victim')",
    "end": "#end",
    "foreach": "#foreach($i in [1..9])x#end",
    "include": '#include("/etc/passwd")',
    "comment": "## x",
    "block comment": "#* x *#",
    "hash": "#",
    "attribute more": 'x"}, "admin": {"BOOL": true}, "y": {"S": "',
    "other key": 'x"}, "UserId": {"S": "victim"}, "y": {"S": "',
    "end of the request": '"}}, "TableName": "other", "Item": {"UserId": {"S": "victim"}}}',
    "JSON object": '{"S": "x"}',
    "JSON array": "[1, 2]",
    "expression": "x OR attribute_exists(UserId)",
    "expression value": ":owner",
    "name placeholder": "#owner",
    "null": "null",
    "number": "1e999",
    "accents": "éàü",
    "right to left": "\u202eabc\u200f",
    "line separator": "a\u2028b\u2029c",
    "4-byte character": "😀👩‍👩‍👧",
    "astral plane": "𐍈" * 60,
    "noncharacter": "\uffff",
    "byte order mark": "\ufeffx",
    "script": "</script><script>alert(1)</script>",
    "SQL": "'; DROP TABLE users; --",
    "path": "../../victim",
    "percent": "%22%00%2e",
    "256 characters": "x" * 256,
    "2 KB": "x" * 2048,
    "400 KB": "x" * 400_000,
}
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

    for answer in (
        carol.put(f"users/{encoded(text)}", json=ADA),
        carol.delete(f"users/{encoded(text)}"),
        reader.get(f"users/{encoded(text)}"),
    ):
        assert answer.status_code in {400, 403, 404}
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
