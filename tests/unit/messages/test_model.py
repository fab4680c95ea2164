"""What message groups are made of."""

import pytest

from messages import model
from messages.model import Message, MessageGroup
from tests.unit.messages.calls import ALICE, BOB, GROUP, a_message

MESSAGE = a_message(1, "2026-03-01T09:00:00.000Z")


def test_messages_lie_before_all_else_in_a_message_group() -> None:
    assert MESSAGE.sort_key < model.MESSAGE_KEYS_END < model.GROUP_SORT_KEY


def test_sort_keys_follow_time_then_id() -> None:
    keys = [
        a_message(9, "2025-12-31T23:59:59.999Z").sort_key,
        a_message(1, "2026-01-01T00:00:00.000Z").sort_key,
        a_message(2, "2026-01-01T00:00:00.000Z").sort_key,
        a_message(0, "2026-01-01T00:00:00.001Z").sort_key,
    ]

    assert keys == sorted(keys)


def test_message_is_read_as_it_was_written() -> None:
    assert Message.from_item(MESSAGE.to_item()) == MESSAGE


def test_message_group_is_read_as_it_was_written() -> None:
    group = MessageGroup(GROUP, (ALICE, BOB), MESSAGE.sort_key)

    assert MessageGroup.from_item(group.to_item()) == group


def test_message_group_knows_who_is_the_other() -> None:
    group = MessageGroup(GROUP, (ALICE, BOB), "newest")

    assert (group.other(ALICE), group.other(BOB)) == (BOB, ALICE)


def test_group_rows_are_one_for_each_member() -> None:
    group = MessageGroup(GROUP, (ALICE, BOB), "before")

    assert [model.group_to_json(row) for row in group.rows(MESSAGE)] == [
        {"id": GROUP, "with": each, "message": "message 1", "last_message_at": "2026-03-01T09:00:00.000Z"}
        for each in (BOB, ALICE)
    ]


def test_message_group_is_not_read_as_a_message() -> None:
    item = MessageGroup(GROUP, (ALICE, BOB), MESSAGE.sort_key).to_item()

    with pytest.raises(KeyError):
        Message.from_item(item)
