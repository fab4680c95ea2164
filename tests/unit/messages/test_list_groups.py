"""ListMessageGroupsFunction, beyond its event files."""

import pytest

from messages import create_group, store
from messages.list_groups import handler
from tests.unit.clock import Clock
from tests.unit.http_events import call
from tests.unit.messages.calls import ALICE, BOB, CAROL, a_message, begun, message_event, said
from tests.unit.messages.cursors import pages

IDS = [f"{number:032x}" for number in range(5)]


@pytest.fixture
def five_groups(dynamodb: object) -> list[str]:
    """Message groups of Alice with Bob, newest first, two of them of one millisecond; Bob has one with Carol too."""
    for number, day in ((0, "05"), (2, "04"), (1, "04"), (4, "01"), (3, "02")):
        begun(a_message(9 - number, f"2026-03-{day}T09:00:00.000Z", group_id=IDS[number]))
    begun(a_message(9, "2026-03-03T09:00:00.000Z", group_id="f" * 32, sender=BOB), CAROL)
    return IDS


def listed(caller: str = ALICE, fact: str = "id", **query: str) -> list[list[str]]:
    """Return one fact of the message groups on every page."""
    found = pages(handler, lambda cursor: message_event(caller=caller, query=query | cursor))
    return [[item[fact] for item in page] for page in found]


def test_pages_hold_every_message_group_once_newest_first(subtests: pytest.Subtests, five_groups: list[str]) -> None:
    for limit in [1, 2, 3, 4, 5, 6, 100]:
        with subtests.test(limit=limit):
            found = listed(limit=str(limit))

            assert [group_id for page in found for group_id in page] == five_groups
            assert max(map(len, found)) <= limit


def test_item_has_the_other_member_and_the_newest_message(five_groups: list[str]) -> None:
    _, page, _ = call(handler, message_event(caller=CAROL))

    assert page == {
        "items": [{"id": "f" * 32, "with": BOB, "message": "message 9", "last_message_at": "2026-03-03T09:00:00.000Z"}],
        "next_cursor": None,
    }


def test_each_sees_the_other(five_groups: list[str]) -> None:
    assert listed(ALICE, "with") == [[BOB] * 5]
    assert listed(BOB, "with") == [[ALICE, ALICE, ALICE, CAROL, ALICE, ALICE]]


def test_message_group_with_a_new_message_moves_to_the_front(five_groups: list[str]) -> None:
    store.move_rows(said(a_message(10, "2026-03-06T09:00:00.000Z", group_id=IDS[3])))

    assert listed() == listed() == [[IDS[3], IDS[0], IDS[1], IDS[2], IDS[4]]]
    assert listed(BOB)[0][0] == IDS[3]


def test_message_groups_of_two_years_are_listed(clock: Clock, dynamodb: object) -> None:
    times = ["2025-12-31T23:59:59.999Z", "2026-01-01T00:00:00.000Z", "2026-12-31T23:59:59.999Z"]
    for clock.time in times:
        assert call(create_group.handler, message_event({"to": BOB, "message": clock.time}))[0] == 201

    for limit in ("1", "2", "100"):
        found = listed(fact="last_message_at", limit=limit)
        assert [time for page in found for time in page] == times[::-1]


def test_idempotency_record_is_not_listed(dynamodb: object) -> None:
    event = message_event({"to": BOB, "message": "Hello"}, headers={"Idempotency-Key": "k"})
    _, group, _ = call(create_group.handler, event)

    assert listed() == [[group["id"]]]
    assert [group_id for page in listed(limit="1") for group_id in page] == [group["id"]]


def test_cursor_of_a_row_that_has_moved_goes_on_behind_where_it_was(five_groups: list[str]) -> None:
    _, page, _ = call(handler, message_event(query={"limit": "2"}))
    store.move_rows(said(a_message(10, "2026-03-06T09:00:00.000Z", group_id=page["items"][-1]["id"])))

    assert listed(cursor=page["next_cursor"]) == [[IDS[2], IDS[3], IDS[4]]]


def test_cursor_of_another_user_stays_in_the_caller_s_list(five_groups: list[str]) -> None:
    cursor = call(handler, message_event(caller=BOB, query={"limit": "4"}))[1]["next_cursor"]

    assert listed(cursor=cursor) == [[IDS[3], IDS[4]]]
