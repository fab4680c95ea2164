"""Demo data of messages: such as functions write."""

from typing import Any

import pytest

from dev.application import demo_data
from dev.application.demo_data.messages import NEWEST
from messages.model import Message, MessageGroup

MESSAGES = demo_data.ITEMS["MessagesTable"]


@pytest.mark.parametrize("item", [demo_data.attribute_values(item) for item in MESSAGES[3:]])
def test_message_is_as_functions_write_it(item: dict[str, Any]) -> None:
    assert Message.from_item(item).to_item() == item


def test_message_group_and_its_rows_are_as_functions_write_them() -> None:
    newest = Message.from_item(demo_data.attribute_values(NEWEST))

    group = MessageGroup.from_item(demo_data.attribute_values(MESSAGES[0]))

    written = [group.to_item(), *group.rows(newest)]
    assert [sorted_sets(item) for item in written] == [
        sorted_sets(demo_data.attribute_values(item)) for item in MESSAGES[:3]
    ]


def sorted_sets(item: dict[str, Any]) -> dict[str, Any]:
    return {name: {"SS": sorted(value["SS"])} if "SS" in value else value for name, value in item.items()}
