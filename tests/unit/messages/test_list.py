"""ListMessagesFunction, beyond its event files."""

import pytest

from messages import create
from messages.list import handler
from tests.unit.clock import Clock
from tests.unit.http_events import call
from tests.unit.messages.calls import ALICE, BOB, CAROL, GROUP, a_message, begun, message_event, said
from tests.unit.messages.cursors import FORGED, cursor_of, pages

OTHER_GROUP = "f" * 32


@pytest.fixture
def five_messages(dynamodb: object) -> list[str]:
    """Five messages, written out of order, three of them in one millisecond; and another message group."""
    begun(a_message(1, "2026-03-01T09:00:00.000Z"))
    for number, time in ((5, "00.002"), (3, "00.001"), (4, "00.001"), (2, "00.001")):
        said(a_message(number, f"2026-03-01T09:00:{time}Z"))
    begun(a_message(9, "2026-03-01T09:00:00.001Z", group_id=OTHER_GROUP))
    return ["message 1", "message 2", "message 3", "message 4", "message 5"]


def listed(**query: str) -> list[list[str]]:
    """Return the texts on every page."""
    found = pages(handler, lambda cursor: message_event(group_id=GROUP, query=query | cursor))
    return [[item["message"] for item in page] for page in found]


def test_pages_hold_every_message_once_in_one_order(subtests: pytest.Subtests, five_messages: list[str]) -> None:
    for limit in [1, 2, 3, 4, 5, 6, 100]:
        with subtests.test(limit=limit):
            oldest_first, newest_first = (listed(limit=str(limit), order=order) for order in ("asc", "desc"))

            assert [text for page in oldest_first for text in page] == five_messages
            assert [text for page in newest_first for text in page] == five_messages[::-1]
            assert max(map(len, oldest_first + newest_first)) <= limit


def test_newest_is_first_unless_asked_for_otherwise(five_messages: list[str]) -> None:
    assert listed() == listed(order="desc") == [five_messages[::-1]]


def test_cursor_goes_on_in_the_order_that_it_is_sent_with(five_messages: list[str]) -> None:
    _, page, _ = call(handler, message_event(group_id=GROUP, query={"limit": "2", "order": "asc"}))

    query = {"cursor": page["next_cursor"], "order": "desc"}
    _, page, _ = call(handler, message_event(group_id=GROUP, query=query))

    assert [item["message"] for item in page["items"]] == ["message 1"]


def test_other_orders_are_rejected(subtests: pytest.Subtests, five_messages: list[str]) -> None:
    for order in ["", "ASC", "newest", "asc ", "desc,asc"]:
        with subtests.test(order=order):
            status, problem, _ = call(handler, message_event(group_id=GROUP, query={"order": order}))

            assert (status, problem["code"]) == (400, "InvalidParameter")


def test_item_says_who_said_what_when(five_messages: list[str]) -> None:
    _, page, _ = call(handler, message_event(group_id=GROUP, query={"order": "asc", "limit": "1"}))

    assert page["items"] == [
        {"id": f"{1:032x}", "from": ALICE, "message": "message 1", "created_at": "2026-03-01T09:00:00.000Z"}
    ]


def test_members_see_the_same(five_messages: list[str]) -> None:
    one, other = (call(handler, message_event(caller=caller, group_id=GROUP)) for caller in (ALICE, BOB))

    assert (one[0], one[1]) == (other[0], other[1])


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_message_group_goes_on_in_the_new_year(clock: Clock, dynamodb: object, order: str, limit: int) -> None:
    times = [
        "2025-12-31T00:00:00.000Z",
        "2025-12-31T23:59:59.999Z",
        "2026-01-01T00:00:00.000Z",
        "2026-12-31T23:59:59.999Z",
        "2027-01-01T00:00:00.000Z",
    ]
    begun(a_message(1, times[0], text=times[0]))
    for clock.time in times[1:]:
        assert call(create.handler, message_event({"message": clock.time}, group_id=GROUP))[0] == 201

    found = listed(order=order, limit=str(limit))

    assert [text for page in found for text in page] == (times if order == "asc" else times[::-1])


def test_nothing_but_messages_is_listed(clock: Clock, dynamodb: object) -> None:
    begun(a_message(1))
    call(create.handler, message_event({"message": "Hello"}, group_id=GROUP, headers={"Idempotency-Key": "k"}))

    assert [text for page in listed(limit="1", order="asc") for text in page] == ["message 1", "Hello"]
    assert [text for page in listed(limit="1", order="desc") for text in page] == ["Hello", "message 1"]


@pytest.mark.parametrize(("caller", "group_id"), [(CAROL, GROUP), (ALICE, "0" * 32), (ALICE, "x"), (ALICE, "")])
def test_message_group_of_others_is_not_found(five_messages: list[str], caller: str, group_id: str) -> None:
    status, problem, _ = call(handler, message_event(caller=caller, group_id=group_id))

    assert (status, problem["code"]) == (404, "MessageGroupNotFound")


def test_forged_cursor_is_rejected(subtests: pytest.Subtests, five_messages: list[str]) -> None:
    for sort_key in FORGED:
        with subtests.test(sort_key=sort_key):
            status, problem, _ = call(handler, message_event(group_id=GROUP, query={"cursor": cursor_of(sort_key)}))

            assert (status, problem["code"]) == (400, "InvalidCursor")


def test_cursor_of_another_message_group_stays_in_this_one(five_messages: list[str]) -> None:
    cursor = cursor_of(a_message(9, "2026-03-01T09:00:00.001Z").sort_key)

    assert listed(cursor=cursor, order="asc") == [["message 5"]]


def test_cursor_between_two_messages_goes_on_between_them(five_messages: list[str]) -> None:
    cursor = cursor_of(f"2026-03-01T09:00:00.001Z#{'0' * 31}2")

    assert listed(cursor=cursor) == [["message 1"]]
