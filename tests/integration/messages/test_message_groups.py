"""Message groups and their lists, over HTTP."""

from typing import Any

import httpx

from tests.integration.messages.talk import GROUPS, listed, newest, say
from tests.waiting import wait_until


def test_message_group(alice: httpx.Client, bob: httpx.Client, ids: dict[str, str]) -> None:
    begun = alice.post(GROUPS, json={"to": ids["bob"], "message": "Hello, Bob! 😀"})
    group, path = begun.json(), begun.headers["Location"].removeprefix("/v1/")
    assert (begun.status_code, group["with"]) == (201, ids["bob"])

    reply = bob.post(path, json={"message": "Hello, Alice!\n\tHow are you?"})
    assert (reply.status_code, reply.json()["from"]) == (201, ids["bob"])

    messages = alice.get(path).json()
    assert messages["items"][0] == reply.json()
    assert [(item["from"], item["message"]) for item in messages["items"]] == [
        (ids["bob"], "Hello, Alice!\n\tHow are you?"),
        (ids["alice"], "Hello, Bob! 😀"),
    ]
    assert bob.get(path).json() == messages
    assert alice.get(path, params={"order": "asc"}).json()["items"] == messages["items"][::-1]
    wait_until(lambda: newest(alice) == (group["id"], "Hello, Alice!\n\tHow are you?"))


def test_first_message_is_on_top_of_both_lists_at_once(
    alice: httpx.Client, bob: httpx.Client, ids: dict[str, str], group: dict[str, Any]
) -> None:
    top_of_alice, top_of_bob = (client.get(GROUPS).json()["items"][0] for client in (alice, bob))

    assert top_of_alice == group
    assert top_of_bob == group | {"with": ids["alice"]}


def test_reply_brings_a_message_group_to_the_front_of_both_lists(
    alice: httpx.Client, bob: httpx.Client, ids: dict[str, str], group: dict[str, Any]
) -> None:
    later = alice.post(GROUPS, json={"to": ids["bob"], "message": "Another matter"}).json()
    assert newest(alice) == (later["id"], "Another matter")

    said = say(bob, group, "As to the first:")

    wait_until(lambda: newest(alice) == newest(bob) == (group["id"], "As to the first:"))
    for client in (alice, bob):
        ours = [item for item in listed(client, GROUPS) if item["id"] in {group["id"], later["id"]}]
        assert [(item["id"], item["last_message_at"]) for item in ours] == [
            (group["id"], said["created_at"]),
            (later["id"], later["last_message_at"]),
        ]
