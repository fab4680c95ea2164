"""OnMessageFunction, beyond its event files and tests/unit/messages/test_message_groups_property.py."""

from typing import Any

import pytest

from dev.application.in_process import lambda_context
from messages import store
from messages.model import Message, MessageGroup
from messages.on_message import handler
from shared import aws
from tests.unit.messages.calls import ALICE, BOB, GROUP, a_message, begun, items, rows, said, stream_event
from tests.unit.messages.conftest import Interfere, Write
from tests.unit.rounds import Rounds
from tests.unit.sdk import rejection

OLD, NEW, NEWER = (f"2026-03-01T09:00:0{second}.000Z" for second in (1, 2, 3))
ALL_HANDLED: dict[str, Any] = {"batchItemFailures": []}


@pytest.fixture(autouse=True)
def first(dynamodb: object) -> Message:
    """Alice has said message 1 to Bob."""
    return begun(a_message(1))


def deliver(*messages: Message) -> Any:
    return handler(stream_event(*messages), lambda_context())


def require_rows_on(message: Message) -> None:
    """Each member has one row, on this message; and the message group says where."""
    assert [rows(user) for user in (ALICE, BOB)] == [[(message.sort_key, message.text)]] * 2
    assert [item["newest_sk"]["S"] for item in items("MSG#") if "newest_sk" in item] == [message.sort_key]


def test_rows_move_to_a_new_message() -> None:
    new = said(a_message(2, NEW, sender=BOB))

    assert deliver(new) == ALL_HANDLED
    require_rows_on(new)


def test_moved_row_still_says_who_the_other_is() -> None:
    new = said(a_message(2, NEW, sender=BOB))
    deliver(new)

    assert items(f"GRP#{BOB}") == [
        {
            "pk": {"S": "GRP#bob-sub"},
            "sk": {"S": new.sort_key},
            "message_group_uuid": {"S": GROUP},
            "user_uuid": {"S": ALICE},
            "message": {"S": "message 2"},
        }
    ]


def test_move_is_one_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    new, transactions = said(a_message(2, NEW)), []
    monkeypatch.setattr(store._dynamodb, "transact_write_items", lambda **request: transactions.append(request))

    deliver(new)

    (transaction,) = transactions
    kinds = [kind for write in transaction["TransactItems"] for kind in write]
    assert kinds == ["Update", "Delete", "Delete", "Put", "Put"]


def test_batch_of_one_message_group_is_moved_once(monkeypatch: pytest.MonkeyPatch) -> None:
    messages, transactions = [a_message(number, NEW) for number in range(2, 102)], []
    monkeypatch.setattr(store._dynamodb, "transact_write_items", lambda **request: transactions.append(request))

    assert deliver(*messages) == ALL_HANDLED
    (transaction,) = transactions
    assert transaction["TransactItems"][0]["Update"]["ExpressionAttributeValues"][":new"] == {
        "S": messages[-1].sort_key
    }


def test_batch_of_50_message_groups_takes_two_rounds_of_transactions(monkeypatch: pytest.MonkeyPatch) -> None:
    rounds, ids = Rounds(), [f"{number:032x}" for number in range(50)]
    for group_id in ids:
        group = MessageGroup(group_id, (ALICE, BOB), a_message(1, OLD).sort_key)
        store._dynamodb.put_item(TableName="MessagesTable", Item=group.to_item())
    monkeypatch.setattr(store._dynamodb, "transact_write_items", rounds.call)

    assert deliver(*(a_message(2, NEW, group_id=group_id) for group_id in ids)) == ALL_HANDLED
    assert rounds.count == 2


def test_failed_move_fails_all_messages_of_its_group(instead: Interfere) -> None:
    def reject(*_: Any) -> Any:
        raise rejection("ThrottlingException")

    older, newer = said(a_message(2, OLD)), said(a_message(3, NEW))
    instead(reject)

    assert deliver(older, newer) == {"batchItemFailures": [{"itemIdentifier": "1"}, {"itemIdentifier": "2"}]}


def test_repeats_change_nothing() -> None:
    new = said(a_message(2, NEW))
    deliver(new)
    before = items()

    assert deliver(new, new) == ALL_HANDLED
    assert items() == before


@pytest.mark.parametrize("order", [(2, 3, 4), (2, 4, 3), (3, 2, 4), (3, 4, 2), (4, 2, 3), (4, 3, 2)])
def test_any_order_ends_on_the_newest(order: tuple[int, ...]) -> None:
    messages = {2: said(a_message(2, OLD)), 3: said(a_message(3, NEW)), 4: said(a_message(4, NEWER))}

    for number in order:
        deliver(messages[number])

    require_rows_on(messages[4])


def test_of_two_messages_in_one_millisecond_the_greater_id_is_the_newer() -> None:
    lesser, greater = said(a_message(2, NEW)), said(a_message(3, NEW))

    deliver(greater, lesser)

    require_rows_on(greater)


def test_other_message_groups_stay() -> None:
    elsewhere = begun(a_message(7, NEWER, group_id="f" * 32))

    deliver(said(a_message(2, NEW)))

    assert rows(ALICE) == [(f"{NEW}#{2:032x}", "message 2"), (elsewhere.sort_key, "message 7")]


@pytest.mark.parametrize(("mover", "mine", "newest"), [(3, 2, 3), (2, 3, 3)], ids=["to a newer one", "to an older one"])
def test_another_mover_in_between_costs_another_look(instead: Interfere, mover: int, mine: int, newest: int) -> None:
    messages = {2: said(a_message(2, OLD)), 3: said(a_message(3, NEW))}

    def move_first(write: Write, request: dict[str, Any]) -> Any:
        store.move_rows(messages[mover])  # not by the handler: one process runs one invocation at a time
        return write(**request)

    instead(move_first)

    assert deliver(messages[mine]) == ALL_HANDLED
    require_rows_on(messages[newest])


def test_message_group_that_keeps_moving_is_reported(monkeypatch: pytest.MonkeyPatch, first: Message) -> None:
    attempts = []

    def conflict(**request: Any) -> Any:
        attempts.append(request)
        raise rejection("TransactionCanceledException", "TransactionConflict")

    new = said(a_message(2, NEW))
    monkeypatch.setattr(aws, "PAUSE_SECONDS", 0)
    monkeypatch.setattr(store._dynamodb, "transact_write_items", conflict)

    assert deliver(new) == {"batchItemFailures": [{"itemIdentifier": "1"}]}
    assert len(attempts) == 5
    require_rows_on(first)


def test_throttled_move_is_tried_again_by_the_stream(monkeypatch: pytest.MonkeyPatch, first: Message) -> None:
    """Lambda waits between its deliveries longer than a function should."""
    attempts = []

    def throttled(**request: Any) -> Any:
        attempts.append(request)
        raise rejection("TransactionCanceledException", "ThrottlingError")

    new = said(a_message(2, NEW))
    monkeypatch.setattr(store._dynamodb, "transact_write_items", throttled)

    assert deliver(new) == {"batchItemFailures": [{"itemIdentifier": "1"}]}
    assert len(attempts) == 1


def test_move_is_written_whole_or_not_at_all(instead: Interfere, monkeypatch: pytest.MonkeyPatch) -> None:
    def reject_the_last(write: Write, request: dict[str, Any]) -> Any:
        request["TransactItems"][-1]["Put"]["ConditionExpression"] = "attribute_exists(pk)"
        return write(**request)

    new = said(a_message(2, NEW))
    before = items()
    monkeypatch.setattr(store, "MAX_ATTEMPTS", 1)
    instead(reject_the_last)

    assert deliver(new) == {"batchItemFailures": [{"itemIdentifier": "1"}]}
    assert items() == before


def test_answer_that_was_lost_is_no_harm(instead: Interfere) -> None:
    """The transaction went through, the function never heard of it: the record comes again."""

    def write_and_die(write: Write, request: dict[str, Any]) -> Any:
        write(**request)
        raise TimeoutError

    new = said(a_message(2, NEW))
    instead(write_and_die)

    assert deliver(new) == {"batchItemFailures": [{"itemIdentifier": "1"}]}
    assert deliver(new) == ALL_HANDLED
    require_rows_on(new)


@pytest.mark.parametrize("code", ["AccessDeniedException", "ThrottlingException"])
def test_record_that_cannot_be_handled_now_comes_again(instead: Interfere, code: str) -> None:
    def reject(*_: Any) -> Any:
        raise rejection(code)

    new = said(a_message(2, NEW))
    instead(reject)

    assert deliver(new) == {"batchItemFailures": [{"itemIdentifier": "1"}]}
    assert deliver(new) == ALL_HANDLED
    require_rows_on(new)
