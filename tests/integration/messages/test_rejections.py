"""Who may not talk."""

from collections.abc import Callable
from typing import Any

import httpx

from dev.replay.table_state import Items
from tests.integration.messages.talk import GROUPS, listed
from tests.integration.problems import assert_problem


def test_non_members_get_404(
    carol: httpx.Client, staff: httpx.Client, all_items: Callable[[], Items], group: dict[str, Any]
) -> None:
    before = all_items()

    for client in (carol, staff):
        for method in ("GET", "POST"):
            answer = client.request(method, f"{GROUPS}/{group['id']}/messages", json={"message": "Let me in"})

            assert (answer.status_code, answer.json()["code"]) == (404, "MessageGroupNotFound")
            assert_problem(answer)
        assert group["id"] not in {item["id"] for item in listed(client, GROUPS)}

    assert all_items() == before
