"""CreateMessageFunction, beyond its event files and what both POSTs have in common."""

import re

import pytest

from messages.create import handler
from tests.unit.clock import NOON, Clock
from tests.unit.http_events import call
from tests.unit.messages.calls import ALICE, BOB, CAROL, GROUP, a_message, begun, items, message_event, texts

REPLY = {"message": "Hello, Alice!"}


@pytest.fixture(autouse=True)
def _message_group(dynamodb: object) -> None:
    """Alice has said message 1 to Bob."""
    begun(a_message(1))


def test_answer_is_the_message(clock: Clock) -> None:
    status, message, _ = call(handler, message_event(REPLY, caller=BOB, group_id=GROUP))

    assert status == 201
    assert re.fullmatch("[0-9a-f]{32}", message["id"])
    assert message == {"id": message["id"], "from": BOB, "message": "Hello, Alice!", "created_at": NOON}


def test_message_is_written_behind_the_first(clock: Clock) -> None:
    _, message, _ = call(handler, message_event(REPLY, caller=BOB, group_id=GROUP))

    _, written, _ = items(f"MSG#{GROUP}")
    assert written == {
        "pk": {"S": f"MSG#{GROUP}"},
        "sk": {"S": f"{NOON}#{message['id']}"},
        "message_uuid": {"S": message["id"]},
        "user_uuid": {"S": BOB},
        "message": {"S": "Hello, Alice!"},
        "created_at": {"S": NOON},
    }


def test_rows_are_left_to_the_stream() -> None:
    before = items("GRP#")

    call(handler, message_event(REPLY, group_id=GROUP))

    assert items("GRP#") == before


def test_message_group_of_others_is_not_found(subtests: pytest.Subtests) -> None:
    for caller, group_id in [
        (CAROL, GROUP),
        (ALICE, "f" * 32),
        (ALICE, GROUP.upper()),
        (ALICE, "x"),
        (ALICE, f"{GROUP}\n"),
    ]:
        with subtests.test(caller=caller, group_id=group_id):
            before = items()

            status, problem, _ = call(handler, message_event(REPLY, caller=caller, group_id=group_id))

            assert (status, problem["code"]) == (404, "MessageGroupNotFound")
            assert items() == before


def test_request_of_a_non_member_stores_no_key() -> None:
    before = items()

    call(handler, message_event(REPLY, caller=CAROL, group_id=GROUP, headers={"Idempotency-Key": "k"}))

    assert items() == before


def test_other_fields_are_rejected(subtests: pytest.Subtests) -> None:
    for body in [{}, REPLY | {"to": BOB}, REPLY | {"created_at": NOON}, "", "7"]:
        with subtests.test(body=body):
            status, problem, _ = call(handler, message_event(body, group_id=GROUP))

            assert (status, problem["code"]) == (400, "InvalidBody")
            assert texts() == ["message 1"]
