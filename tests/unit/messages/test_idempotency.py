"""Idempotency-Key of both POSTs."""

from typing import Any

from messages import create, create_group
from tests.unit.clock import Clock
from tests.unit.http_events import call
from tests.unit.messages.calls import BOB, GROUP, a_message, begun, items, message_event, texts
from tests.unit.messages.conftest import Interfere, Write
from tests.unit.messages.posts import Answer, Post, begin, say


def test_repeat_gives_the_first_one_s_answer_and_writes_nothing(post: Post, clock: Clock) -> None:
    first = post("Hello", "k")
    before = items()
    clock.time = "2026-03-31T12:00:05.000Z"

    repeat = post("Hello", "k")

    assert (first[0], repeat) == (201, first)
    assert items() == before


def test_without_a_key_every_request_counts(post: Post) -> None:
    post("Hello")
    post("Hello")

    assert texts().count("Hello") == 2


def test_key_of_another_request_is_rejected(post: Post) -> None:
    post("Hello", "k")
    before = items()

    status, problem, _ = post("Good-bye", "k")

    assert (status, problem["code"]) == (422, "IdempotencyKeyReused")
    assert items() == before


def test_key_of_another_recipient_is_rejected(dynamodb: object) -> None:
    begin("Hello", "k")
    event = message_event({"to": BOB, "message": "Hello"}, headers={"Idempotency-Key": "k"})

    assert call(create_group.handler, event)[0] == 422


def test_callers_do_not_share_keys(post: Post) -> None:
    one, other = post("Hello", "k"), post("Hello", "k", caller=BOB)

    assert (one[0], other[0]) == (201, 201)
    assert one[1]["id"] != other[1]["id"]


def test_message_groups_do_not_share_keys(dynamodb: object) -> None:
    begun(a_message(1))
    begun(a_message(2, group_id="f" * 32))
    body, headers = {"message": "Hello"}, {"Idempotency-Key": "k"}

    for group_id in (GROUP, "f" * 32):
        assert call(create.handler, message_event(body, group_id=group_id, headers=headers))[0] == 201

    assert texts().count("Hello") == 2


def test_routes_do_not_share_keys(dynamodb: object) -> None:
    begun(a_message(1))

    assert (begin("Hello", "k")[0], say("Good-bye", "k")[0]) == (201, 201)


def test_rejected_request_can_be_mended_under_its_key(post: Post) -> None:
    assert (post("", "k")[0], post("Hello", "k")[0]) == (400, 201)


def test_request_whose_answer_was_lost_is_not_repeated(post: Post, instead: Interfere) -> None:
    """The function dies after its transaction: it was written, and the caller does not know."""

    def write_and_die(write: Write, request: dict[str, Any]) -> Any:
        write(**request)
        raise TimeoutError

    instead(write_and_die)
    assert post("Hello", "k")[0] == 500
    before = items()

    status, body, _ = post("Hello", "k")

    assert (status, body["message"]) == (201, "Hello")
    assert items() == before
    assert texts().count("Hello") == 1


def test_two_at_once_are_one(post: Post, instead: Interfere) -> None:
    """The second comes whole between the first one's look and its transaction."""
    second: list[Answer] = []

    def let_another_in(write: Write, request: dict[str, Any]) -> Any:
        second.append(post("Hello", "k"))
        return write(**request)

    instead(let_another_in)

    assert post("Hello", "k") == second[0]
    assert texts().count("Hello") == 1
