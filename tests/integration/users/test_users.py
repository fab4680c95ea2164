"""Users over HTTP: API Gateway's direct integrations, as far as the local stack has them."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from dev.application.stack import Stack, Status
from dev.replay.table_state import Items
from tests.integration.problems import assert_problem

ADA = {"name": "Ada", "email": "ada@example.com"}
GRACE = {"name": "Grace", "email": "grace@example.com"}


def test_crud(carol: httpx.Client, reader: httpx.Client, user_id: str) -> None:
    one = f"users/{user_id}"

    created = carol.put(one, json=ADA)
    assert (created.status_code, created.json()) == (200, {"user_id": user_id})
    read = reader.get(one)
    assert (read.status_code, read.json() | {"created_at": ""}) == (
        200,
        {"user_id": user_id, "name": "Ada", "created_at": ""},
    )
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
