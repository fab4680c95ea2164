"""What `dev forget` leaves of a person's message groups."""

from typing import Any

import pytest

from tests.unit.forgetting import CANARY, forget, items, plant, stores

ME, BOB = "sub-canary", "sub-bob"
FIRST, SECOND = "2026-03-01#1", "2026-03-01#2"
GONE = {"user_uuid": "forgotten", "message": "[deleted]"}


def group(*members: str) -> dict[str, Any]:
    return {"pk": "MSG#g", "sk": "GROUP", "message_group_uuid": "g", "members": set(members), "newest_sk": SECOND}


def message(sort_key: str, sender: str, text: str) -> dict[str, Any]:
    return {"pk": "MSG#g", "sk": sort_key, "message_uuid": sort_key[-1], "user_uuid": sender, "message": text}


def row(member: str, other: str, text: str) -> dict[str, Any]:
    return {"pk": f"GRP#{member}", "sk": SECOND, "message_group_uuid": "g", "user_uuid": other, "message": text}


@pytest.mark.usefixtures("dynamodb")
def test_other_member_keeps_the_group_without_texts_of_the_person() -> None:
    from_bob = message(FIRST, BOB, "Write to canary@example.com or to joecanary@example.com.")
    plant("MessagesTable", group(ME, BOB), from_bob, message(SECOND, ME, "canary"))
    plant("MessagesTable", row(ME, BOB, "canary"), row(BOB, ME, "canary"))
    plant("IdempotencyTable", {"id": "1", "generated": {"id": "2"}}, {"id": "2", "generated": {"id": "3"}})

    forget(CANARY, stores())

    assert items("MessagesTable") == [
        row(BOB, ME, "canary") | GONE,
        from_bob | {"message": "Write to forgotten or to joecanary@example.com."},
        message(SECOND, ME, "canary") | GONE,
        group("forgotten", BOB) | {"members": ["forgotten", BOB]},
    ]
    assert items("IdempotencyTable") == [{"id": "2", "generated": {"id": "3"}}]


@pytest.mark.usefixtures("dynamodb")
def test_row_keeps_a_text_of_the_other_member() -> None:
    plant("MessagesTable", group(ME, BOB), message(SECOND, BOB, "Hello"), row(BOB, ME, "Hello"))

    forget(CANARY, stores())

    assert items("MessagesTable")[0] == row(BOB, "forgotten", "Hello")


@pytest.mark.usefixtures("dynamodb")
def test_row_of_the_person_in_capitals_is_deleted() -> None:
    plant("MessagesTable", group(ME.upper(), BOB), row(ME.upper(), BOB, "Hello"))

    forget(CANARY, stores())

    assert items("MessagesTable") == [group("forgotten", BOB) | {"members": ["forgotten", BOB]}]


@pytest.mark.usefixtures("dynamodb")
def test_group_of_the_person_with_itself_is_deleted() -> None:
    plant("MessagesTable", group(ME, ME.upper()), message(SECOND, ME, "x"), row(ME, ME.upper(), "x"))

    forget(CANARY, stores())

    assert items("MessagesTable") == []


@pytest.mark.usefixtures("dynamodb")
def test_group_without_members_is_deleted() -> None:
    plant("MessagesTable", group(ME, "forgotten"), message(FIRST, "forgotten", "[deleted]"), message(SECOND, ME, "x"))
    plant("MessagesTable", row(ME, "forgotten", "x"), row("forgotten", ME, "x"))

    forget(CANARY, stores())

    assert items("MessagesTable") == []
