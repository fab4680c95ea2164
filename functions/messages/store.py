"""Access patterns of the messages table, one function each. Items that depend on each other are written together."""

import dataclasses
import os
from typing import Any

from messages.model import (
    GROUP_SORT_KEY,
    MESSAGE_KEYS_END,
    Message,
    MessageGroup,
    MessageGroupNotFoundError,
    group_key,
    row_key,
)
from shared.aws import ClientError, ConditionFailedError, attempts, dynamodb_client, is_write_conflict, transact_write
from shared.idempotency import IdempotencyRecord, write_once

MAX_ATTEMPTS = 5
"""Attempts to move the rows of a message group that other messages move at the same time."""

_dynamodb = dynamodb_client()


class MessageGroupBusyError(Exception):
    """Other messages moved the group's rows in every attempt: the record has to be delivered again."""


def create_group(first: Message, other: str, record: IdempotencyRecord | None) -> Message:
    """Put a message group of the sender and another user, with its first message and both group rows.

    Returns the message, or the first request's one for a repeated Idempotency-Key. Raises RequestInProgressError.
    """
    group = MessageGroup(first.group_id, tuple(sorted((first.sender, other))), first.sort_key)
    return _put([group.to_item(), first.to_item(), *group.rows(first)], first, record)


def create_message(message: Message, record: IdempotencyRecord | None) -> Message:
    """Append a message; the stream consumer moves the group rows. Returns and raises as `create_group`."""
    if record is None:  # a transaction costs twice as much, and a repeated Put of a new id changes nothing
        _dynamodb.put_item(TableName=_table(), Item=message.to_item())
        return message
    return _put([message.to_item()], message, record)


def require_member(group_id: str, user_id: str) -> None:
    """Raise MessageGroupNotFoundError unless the user is a member of the message group."""
    group = find_group(group_id)
    if group is None or user_id not in group.members:
        raise MessageGroupNotFoundError


def find_group(group_id: str) -> MessageGroup | None:
    """Get a message group with a consistent read, None if there is none."""
    answer = _dynamodb.get_item(TableName=_table(), Key=group_key(group_id, GROUP_SORT_KEY), ConsistentRead=True)
    return MessageGroup.from_item(answer["Item"]) if "Item" in answer else None


def list_groups(user_id: str, limit: int, after: str | None) -> tuple[list[dict[str, Any]], str | None]:
    """Query a user's group rows, newest message first: a page, and the last sort key if more may follow."""
    start = None if after is None else row_key(user_id, after)
    return _page(f"GRP#{user_id}", limit, start, newest_first=True)


def list_messages(
    group_id: str, limit: int, after: str | None, *, newest_first: bool
) -> tuple[list[Message], str | None]:
    """Query a message group's messages in either order: a page, and the last sort key if more may follow."""
    start = None if after is None else group_key(group_id, after)
    items, last = _page(f"MSG#{group_id}", limit, start, newest_first=newest_first)
    return [Message.from_item(item) for item in items], last


def move_rows(message: Message) -> bool:
    """Move both group rows to a message, in one transaction.

    Returns False without writing if a newer message is there already, or if the message group was deleted. Raises
    MessageGroupBusyError after MAX_ATTEMPTS.
    """
    for _ in attempts(MAX_ATTEMPTS):
        group = find_group(message.group_id)
        if group is None or group.newest >= message.sort_key:
            return False
        try:
            transact_write(_moves(group, message))
        except ConditionFailedError:
            pass
        except ClientError as error:
            if not is_write_conflict(error):
                raise
        else:
            return True
    raise MessageGroupBusyError(message.group_id)


def _moves(group: MessageGroup, message: Message) -> list[dict[str, Any]]:
    """Return the writes that move the rows if the message group has not changed since it was read."""
    update = {
        "TableName": _table(),
        "Key": group_key(group.id, GROUP_SORT_KEY),
        "UpdateExpression": "SET newest_sk = :new",
        "ConditionExpression": "newest_sk = :old",
        "ExpressionAttributeValues": {":new": {"S": message.sort_key}, ":old": {"S": group.newest}},
    }
    old_rows = [{"TableName": _table(), "Key": row_key(member, group.newest)} for member in group.members]
    new_rows = [{"TableName": _table(), "Item": row} for row in group.rows(message)]
    return [{"Update": update}, *({"Delete": row} for row in old_rows), *({"Put": row} for row in new_rows)]


def _put(items: list[dict[str, Any]], message: Message, record: IdempotencyRecord | None) -> Message:
    puts = [{"Put": {"TableName": _table(), "Item": item}} for item in items]
    return dataclasses.replace(message, **write_once(puts, record))


def _page(
    partition: str, limit: int, start: dict[str, Any] | None, *, newest_first: bool
) -> tuple[list[dict[str, Any]], str | None]:
    query: dict[str, Any] = {} if start is None else {"ExclusiveStartKey": start}
    answer = _dynamodb.query(
        TableName=_table(),
        KeyConditionExpression="pk = :pk AND sk < :end",
        ExpressionAttributeValues={":pk": {"S": partition}, ":end": {"S": MESSAGE_KEYS_END}},
        ScanIndexForward=not newest_first,
        Limit=limit,
        **query,
    )
    last = answer.get("LastEvaluatedKey")
    return answer["Items"], None if last is None else last["sk"]["S"]


def _table() -> str:
    return os.environ["MESSAGES_TABLE"]
