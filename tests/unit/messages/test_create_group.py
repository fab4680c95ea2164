"""CreateMessageGroupFunction, beyond its event files and what both POSTs have in common."""

import re
from typing import Any

import pytest

from messages import store
from messages.create_group import handler
from tests.unit.clock import NOON, Clock
from tests.unit.http_events import call
from tests.unit.messages.calls import ALICE, BOB, items, message_event
from tests.unit.messages.conftest import Interfere

pytestmark = pytest.mark.usefixtures("dynamodb")
HELLO = {"to": BOB, "message": "Hello, Bob!"}


def test_answer_is_the_message_group_as_the_caller_sees_it(clock: Clock) -> None:
    status, group, headers = call(handler, message_event(HELLO))

    assert status == 201
    assert re.fullmatch("[0-9a-f]{32}", group["id"])
    assert group == {"id": group["id"], "with": BOB, "message": "Hello, Bob!", "last_message_at": NOON}
    assert headers["Location"] == f"/v1/message-groups/{group['id']}/messages"


def test_message_group_first_message_and_both_rows_are_written(clock: Clock) -> None:
    _, group, _ = call(handler, message_event(HELLO))

    (message_id,) = (item["message_uuid"]["S"] for item in items() if "message_uuid" in item)
    group_id, newest = {"S": group["id"]}, {"S": f"{NOON}#{message_id}"}
    row = {"sk": newest, "message_group_uuid": group_id, "message": {"S": "Hello, Bob!"}}
    assert items() == [
        {"pk": {"S": f"GRP#{ALICE}"}, "user_uuid": {"S": BOB}, **row},
        {"pk": {"S": f"GRP#{BOB}"}, "user_uuid": {"S": ALICE}, **row},
        {
            "pk": {"S": f"MSG#{group['id']}"},
            "sk": newest,
            "message_uuid": {"S": message_id},
            "user_uuid": {"S": ALICE},
            "message": {"S": "Hello, Bob!"},
            "created_at": {"S": NOON},
        },
        {
            "pk": {"S": f"MSG#{group['id']}"},
            "sk": {"S": "GROUP"},
            "message_group_uuid": group_id,
            "members": {"SS": [ALICE, BOB]},
            "newest_sk": newest,
        },
    ]


def test_all_is_written_in_one_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[str, Any]] = []
    monkeypatch.setattr(store._dynamodb, "_make_api_call", lambda *call: calls.append(call))

    call(handler, message_event(HELLO))

    ((operation, request),) = calls
    assert operation == "TransactWriteItems"
    assert [list(write) for write in request["TransactItems"]] == [["Put"]] * 4


def test_nothing_is_written_when_one_of_its_writes_fails(instead: Interfere) -> None:
    def reject_the_last(write: Any, request: dict[str, Any]) -> Any:
        request["TransactItems"][-1]["Put"]["ConditionExpression"] = "attribute_exists(pk)"
        return write(**request)

    instead(reject_the_last)

    assert call(handler, message_event(HELLO))[0] != 201
    assert items() == []


def test_two_message_groups_of_the_same_two_are_two() -> None:
    one, other = (call(handler, message_event(HELLO))[1] for _ in range(2))

    assert one["id"] != other["id"]
    assert len(items(f"GRP#{ALICE}")) == 2


def test_malformed_user_id_is_rejected(subtests: pytest.Subtests) -> None:
    for to in ["", "a b", "a/b", "bob-sub\n", BOB.upper(), "GRP#bob", "é", "\ud800", "x" * 129, 7, None, ["bob"]]:
        with subtests.test(to=to):
            status, problem, _ = call(handler, message_event(HELLO | {"to": to}))

            assert (status, problem["code"]) == (400, "InvalidBody")
            assert items() == []


def test_other_fields_are_rejected(subtests: pytest.Subtests) -> None:
    for body in [{}, {"to": BOB}, {"message": "Hello"}, HELLO | {"from": BOB}, "", "[]", "{"]:
        with subtests.test(body=body):
            status, problem, _ = call(handler, message_event(body))

            assert (status, problem["code"]) == (400, "InvalidBody")


def test_access_token_is_rejected() -> None:
    event = message_event(HELLO)
    event["requestContext"]["authorizer"]["claims"]["token_use"] = "access"

    assert call(handler, event)[0] == 403


def test_location_follows_a_path_with_a_trailing_slash() -> None:
    event = message_event(HELLO)
    event["requestContext"]["path"] += "/"

    _, group, headers = call(handler, event)

    assert headers["Location"] == f"/v1/message-groups/{group['id']}/messages"
