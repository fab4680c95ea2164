"""Messages over HTTP: what only a deployed stack can show."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from dev.stack import Stack, Status
from dev.stored import Items
from tests.integration.test_products import assert_problem
from tests.waiting import wait_until

GROUPS = "message-groups"
SENDERS, MESSAGES_EACH = 4, 50


@pytest.fixture(scope="session")
def ids(status: Status) -> dict[str, str]:
    """Users' ids by the name in their address."""
    return {user.email.partition("@")[0]: user.sub for user in status.users}


@pytest.fixture
def group(alice: httpx.Client, ids: dict[str, str]) -> dict[str, Any]:
    """A conversation that alice has begun with bob."""
    answer = alice.post(GROUPS, json={"to": ids["bob"], "message": "Hello, Bob!"})
    assert answer.status_code == 201, answer.text
    begun: dict[str, Any] = answer.json()
    return begun


def say(client: httpx.Client, group: dict[str, Any], text: str, **headers: str) -> dict[str, Any]:
    answer = client.post(f"{GROUPS}/{group['id']}/messages", json={"message": text}, headers=headers)
    assert answer.status_code == 201, answer.text
    said: dict[str, Any] = answer.json()
    return said


def listed(client: httpx.Client, path: str, **query: Any) -> list[dict[str, Any]]:
    """Return the items of every page."""
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] | None = {}
    while cursor is not None:
        answer = client.get(path, params=query | cursor)
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        next_cursor = answer.json()["next_cursor"]
        cursor = {"cursor": next_cursor} if next_cursor else None
    return found


def newest(client: httpx.Client) -> tuple[str, str]:
    """Return id and text of the conversation on top of a list."""
    first = client.get(GROUPS, params={"limit": 1}).json()["items"][0]
    return first["id"], first["message"]


def test_conversation(alice: httpx.Client, bob: httpx.Client, ids: dict[str, str]) -> None:
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


def test_first_message_is_on_top_of_both_lists_at_once(
    alice: httpx.Client, bob: httpx.Client, ids: dict[str, str], group: dict[str, Any]
) -> None:
    top_of_alice, top_of_bob = (client.get(GROUPS).json()["items"][0] for client in (alice, bob))

    assert top_of_alice == group
    assert top_of_bob == group | {"with": ids["alice"]}


def test_reply_brings_a_conversation_to_the_front_of_both_lists(
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


def test_pages_hold_every_message_once_either_way(alice: httpx.Client, group: dict[str, Any]) -> None:
    texts = ["Hello, Bob!", *(say(alice, group, str(number))["message"] for number in range(6))]
    path = f"{GROUPS}/{group['id']}/messages"

    assert [item["message"] for item in listed(alice, path, limit=3, order="asc")] == texts
    assert [item["message"] for item in listed(alice, path, limit=3)] == texts[::-1]


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


def test_longest_text_comes_back(alice: httpx.Client, bob: httpx.Client, group: dict[str, Any]) -> None:
    text = "😀" * 1024

    say(alice, group, text)

    assert bob.get(f"{GROUPS}/{group['id']}/messages").json()["items"][0]["message"] == text


def test_one_key_sent_four_times_at_once_is_one_message(alice: httpx.Client, group: dict[str, Any]) -> None:
    """Who meets the first one's transaction is asked to come back, and gets its result then."""

    def post(_: int) -> httpx.Response:
        while True:
            answer = alice.post(
                f"{GROUPS}/{group['id']}/messages", json={"message": "Once"}, headers={"Idempotency-Key": group["id"]}
            )
            if answer.status_code != 409:
                return answer
            assert (answer.json()["code"], answer.headers["Retry-After"]) == ("MessageBusy", "1")

    with ThreadPoolExecutor(SENDERS) as threads:
        answers = list(threads.map(post, range(SENDERS)))

    assert [answer.status_code for answer in answers] == [201] * SENDERS
    assert len({answer.text for answer in answers}) == 1
    texts = [item["message"] for item in listed(alice, f"{GROUPS}/{group['id']}/messages")]
    assert texts == ["Once", "Hello, Bob!"]


def test_one_key_begins_one_conversation(alice: httpx.Client, ids: dict[str, str], group: dict[str, Any]) -> None:
    def begin(message: str) -> httpx.Response:
        return alice.post(
            GROUPS, json={"to": ids["bob"], "message": message}, headers={"Idempotency-Key": f"begin-{group['id']}"}
        )

    first, repeat, other = begin("Once"), begin("Once"), begin("Twice")

    assert (first.status_code, repeat.status_code, repeat.json()) == (201, 201, first.json())
    assert repeat.headers["Location"] == first.headers["Location"]
    assert (other.status_code, other.json()["code"]) == (422, "IdempotencyKeyReused")
    assert [item["id"] for item in listed(alice, GROUPS)].count(first.json()["id"]) == 1


def test_four_senders_of_two_hundred_messages(
    stack: Stack, tokens: dict[str, str], alice: httpx.Client, bob: httpx.Client, group: dict[str, Any]
) -> None:
    """Two for each side, each on a connection of its own: one order for all, and both lists end on the last one."""

    def send(sender: int) -> list[dict[str, Any]]:
        with stack.http() as client:
            client.headers["Authorization"] = tokens["alice" if sender % 2 else "bob"]
            return [say(client, group, f"{sender}/{number}") for number in range(MESSAGES_EACH)]

    started = time.monotonic()
    with ThreadPoolExecutor(SENDERS) as threads:
        sent = list(threads.map(send, range(SENDERS)))
    print(f"{SENDERS * MESSAGES_EACH} messages sent in {time.monotonic() - started:.1f} s")

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
    print(f"both lists on the last one after {time.monotonic() - started:.1f} s")
