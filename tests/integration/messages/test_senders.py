"""Many who say something at once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx

from dev.application.stack import Stack
from tests.integration.conftest import patient
from tests.integration.messages.talk import GROUPS, listed, newest, say
from tests.waiting import wait_until

SENDERS, MESSAGES_EACH = 4, 20


def test_one_key_sent_four_times_at_once_is_one_message(alice: httpx.Client, group: dict[str, Any]) -> None:
    """Who meets the first one's transaction is asked to come back, and gets its result then."""

    def post(_: int) -> httpx.Response:
        while True:
            answer = alice.post(
                f"{GROUPS}/{group['id']}/messages", json={"message": "Once"}, headers={"Idempotency-Key": group["id"]}
            )
            if answer.status_code != 409:
                return answer
            assert (answer.json()["code"], answer.headers["Retry-After"]) == ("RequestInProgress", "1")

    with ThreadPoolExecutor(SENDERS) as threads:
        answers = list(threads.map(post, range(SENDERS)))

    assert [answer.status_code for answer in answers] == [201] * SENDERS
    assert len({answer.text for answer in answers}) == 1
    texts = [item["message"] for item in listed(alice, f"{GROUPS}/{group['id']}/messages")]
    assert texts == ["Once", "Hello, Bob!"]


def test_four_senders_of_eighty_messages(
    stack: Stack, tokens: dict[str, str], alice: httpx.Client, bob: httpx.Client, group: dict[str, Any]
) -> None:
    """Two for each side, each on a connection of its own: one order for all, and both lists end on the last one."""

    def send(sender: int) -> list[dict[str, Any]]:
        with patient(stack.http()) as client:
            client.headers["Authorization"] = tokens["alice" if sender % 2 else "bob"]
            return [say(client, group, f"{sender}/{number}") for number in range(MESSAGES_EACH)]

    with ThreadPoolExecutor(SENDERS) as threads:
        sent = list(threads.map(send, range(SENDERS)))

    path = f"{GROUPS}/{group['id']}/messages"
    first, *messages = listed(alice, path, limit=100, order="asc")
    assert first["message"] == "Hello, Bob!"
    assert sorted(message["id"] for message in messages) == sorted(said["id"] for each in sent for said in each)
    assert len({message["id"] for message in messages}) == SENDERS * MESSAGES_EACH
    assert messages == sorted(messages, key=lambda message: (message["created_at"], message["id"]))
    for said in sent:
        assert [message for message in messages if message in said] == said
    assert listed(bob, path, limit=100) == [*messages[::-1], first]

    last = (group["id"], messages[-1]["message"])
    wait_until(lambda: newest(alice) == newest(bob) == last)
    for client in (alice, bob):
        assert [item["id"] for item in listed(client, GROUPS, limit=100)].count(group["id"]) == 1
