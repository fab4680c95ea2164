"""Message groups of the users who are signed in."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from dev.application.stack import Status
from tests.integration.messages.talk import GROUPS, listed
from tests.waiting import wait_until


@pytest.fixture(scope="session")
def ids(status: Status) -> dict[str, str]:
    """Users' ids by the name in their address."""
    return {user.email.partition("@")[0]: user.sub for user in status.users}


@pytest.fixture
def group(alice: httpx.Client, ids: dict[str, str]) -> Iterator[dict[str, Any]]:
    """A message group that alice has begun with bob. After the test no row of it is still to be moved."""
    answer = alice.post(GROUPS, json={"to": ids["bob"], "message": "Hello, Bob!"})
    assert answer.status_code == 201, answer.text
    begun: dict[str, Any] = answer.json()
    yield begun
    last = alice.get(f"{GROUPS}/{begun['id']}/messages", params={"limit": 1}).json()["items"][0]
    wait_until(
        lambda: last["message"] in {each["message"] for each in listed(alice, GROUPS) if each["id"] == begun["id"]}
    )
