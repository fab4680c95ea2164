"""Stream of the messages table, new messages only: move each member's group row to the newest message."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from typing import Any

from messages import store
from messages.model import Message
from shared.concurrency import begin, concurrent_handler
from shared.observability import logger


def _read(record: Mapping[str, Any]) -> Message:
    return Message.from_item(record["dynamodb"]["NewImage"])


def _begin(messages: Sequence[Message]) -> list[Future[Message | None]]:
    """Begin to move the rows of each message group once, to its newest message in the batch.

    Rows only move forward in time, so repeats and records out of order end in the same state. If a move fails, all
    messages of the group fail.
    """
    newest = {each.group_id: each for each in sorted(messages, key=lambda message: message.sort_key)}
    moves = {group_id: begin(_move, message) for group_id, message in newest.items()}
    return [moves[message.group_id] for message in messages]


def _move(message: Message) -> Message | None:
    return message if store.move_rows(message) else None


def _report(message: Message, moved_to: Message | None) -> None:
    logger.info("message handled", group_id=message.group_id, message_id=message.id, moved=moved_to == message)


handler = concurrent_handler(_read, _begin, _report)
