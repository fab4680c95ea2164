"""Who may not talk, and what may not be said."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from dev.replay.table_state import Items
from tests.integration.messages.talk import GROUPS, listed
from tests.integration.test_products import assert_problem


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("name", ["carol", "staff"])
def test_who_is_not_in_it_finds_nothing(
    request: pytest.FixtureRequest, all_items: Callable[[], Items], group: dict[str, Any], name: str, method: str
) -> None:
    client: httpx.Client = request.getfixturevalue(name)
    before = all_items()

    answer = client.request(method, f"{GROUPS}/{group['id']}/messages", json={"message": "Let me in"})

    assert (answer.status_code, answer.json()["code"]) == (404, "MessageGroupNotFound")
    assert_problem(answer)
    assert all_items() == before
    assert group["id"] not in {item["id"] for item in listed(client, GROUPS)}


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", [GROUPS, f"{GROUPS}/{'0' * 32}/messages"])
def test_nobody_gets_in_without_a_token(
    anonymous: httpx.Client, all_items: Callable[[], Items], method: str, path: str
) -> None:
    before = all_items()

    answer = anonymous.request(method, path, json={"to": "x", "message": "x"})

    assert (answer.status_code, answer.json()["code"]) == (401, "Unauthorized")
    assert_problem(answer)
    assert all_items() == before


def test_refused_messages_write_nothing(
    alice: httpx.Client, ids: dict[str, str], group: dict[str, Any], all_items: Callable[[], Items]
) -> None:
    before, path = all_items(), f"{GROUPS}/{group['id']}/messages"

    answers = [
        alice.post(path, json={"message": ""}),
        alice.post(path, json={"message": "x" * 1025}),
        alice.post(path, content=b'{"message": "\\ud800"}', headers={"Content-Type": "application/json"}),
        alice.post(GROUPS, json={"to": ids["alice"], "message": "Note to myself"}),
        alice.post(GROUPS, json={"to": ids["bob"], "message": " "}),
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(400, "InvalidBody")] * 5
    assert all_items() == before
