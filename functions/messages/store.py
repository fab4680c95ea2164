"""Access patterns of the messages table, one function each. What belongs together is written in one transaction."""

import os
import time
from typing import Any

from messages.model import (
    GROUP_SORT_KEY,
    LETTERS,
    Conversation,
    Message,
    MessageGroupNotFoundError,
    conversation_key,
    group_key,
)
from messages.once import Once
from shared.aws import ClientError, cancellation_codes, dynamodb_client
from shared.errors import ThrottledError

MOVES = 5
"""How often a conversation is looked at again when somebody else moved it meanwhile."""

PAUSE_SECONDS = 0.01
"""Before the second look; it doubles from look to look."""
OVERTAKEN = {"ConditionalCheckFailed", "TransactionConflict"}
THROTTLED = {"ThrottlingError", "ProvisionedThroughputExceeded"}

_dynamodb = dynamodb_client()


class ConversationBusyError(Exception):
    """A conversation kept moving: its record has to be delivered again."""


def create_group(conversation: Conversation, first: Message, once: Once | None) -> Message:
    """Put a conversation with its first message and both group rows. Returns the message, or that of before."""
    return _put_once([conversation.to_item(), first.to_item(), *conversation.group_rows(first)], first, once)


def create_message(message: Message, once: Once | None) -> Message:
    """Append a message. Returns it, or that of before. The group rows follow by the stream."""
    if once is None:  # alone it needs no transaction, which costs twice
        _dynamodb.put_item(TableName=_table(), Item=message.to_item())
        return message
    return _put_once([message.to_item()], message, once)


def get_conversation(group_id: str, member: str) -> Conversation:
    """Get a conversation. Raises MessageGroupNotFoundError for who is not in it."""
    conversation = find_conversation(group_id)
    if conversation is None or member not in conversation.members:
        raise MessageGroupNotFoundError
    return conversation


def find_conversation(group_id: str) -> Conversation | None:
    """Get a conversation as of its last write, whoever is in it; None if there is none."""
    key = conversation_key(group_id, GROUP_SORT_KEY)
    answer = _dynamodb.get_item(TableName=_table(), Key=key, ConsistentRead=True)
    return Conversation.from_item(answer["Item"]) if "Item" in answer else None


def list_groups(user_id: str, limit: int, after: str | None) -> tuple[list[dict[str, Any]], str | None]:
    """Query a user's group rows, newest message first: a page, and the last sort key if more may follow."""
    start = None if after is None else group_key(user_id, after)
    return _page(f"GRP#{user_id}", limit, start, newest_first=True)


def list_messages(
    group_id: str, limit: int, after: str | None, *, newest_first: bool
) -> tuple[list[Message], str | None]:
    """Query a conversation's messages either way: a page, and the last sort key if more may follow."""
    start = None if after is None else conversation_key(group_id, after)
    items, last = _page(f"MSG#{group_id}", limit, start, newest_first=newest_first)
    return [Message.from_item(item) for item in items], last


def move_groups(message: Message) -> bool:
    """Move every member's group row to a message, in one transaction, unless a newer one is there already.

    Where the conversation was deleted there is nothing to move, however often it were tried. Returns whether it moved.
    Raises ConversationBusyError.
    """
    for attempt in range(MOVES):
        conversation = find_conversation(message.group_id)
        if conversation is None or conversation.newest >= message.sort_key:
            return False
        try:
            _dynamodb.transact_write_items(TransactItems=_move(conversation, message))
        except ClientError as error:
            if not _is_overtaken(error):
                raise
            time.sleep(PAUSE_SECONDS * 2**attempt)
        else:
            return True
    raise ConversationBusyError(message.group_id)


def _move(conversation: Conversation, message: Message) -> list[Any]:
    """Return the transaction that moves a conversation which still is as it was read."""
    update = {
        "TableName": _table(),
        "Key": conversation_key(conversation.id, GROUP_SORT_KEY),
        "UpdateExpression": "SET newest_sk = :new",
        "ConditionExpression": "newest_sk = :old",
        "ExpressionAttributeValues": {":new": {"S": message.sort_key}, ":old": {"S": conversation.newest}},
    }
    old_rows = [{"TableName": _table(), "Key": group_key(each, conversation.newest)} for each in conversation.members]
    new_rows = [{"TableName": _table(), "Item": row} for row in conversation.group_rows(message)]
    return [{"Update": update}, *({"Delete": row} for row in old_rows), *({"Put": row} for row in new_rows)]


def _put_once(items: list[dict[str, Any]], message: Message, once: Once | None) -> Message:
    """Put items in one transaction with what remembers an Idempotency-Key, if there is one."""
    puts: list[Any] = [{"Put": {"TableName": _table(), "Item": item}} for item in items]
    if once is not None:
        puts.append({"Put": once.put(_table(), message)})
    try:
        _dynamodb.transact_write_items(TransactItems=puts)
    except ClientError as error:
        if cancellation_codes(error) & THROTTLED or (once is None and _is_overtaken(error)):
            raise ThrottledError("The table is busy. Try again.") from error
        if once is None or not _is_overtaken(error):
            raise
        answer = _dynamodb.get_item(TableName=_table(), Key=once.key, ConsistentRead=True)
        return once.message_of_before(answer.get("Item"))
    return message


def _is_overtaken(error: ClientError) -> bool:
    """Whether a transaction was cancelled by another one, and by nothing else."""
    codes = cancellation_codes(error)
    return bool(codes) and codes <= OVERTAKEN


def _page(
    partition: str, limit: int, start: dict[str, Any] | None, *, newest_first: bool
) -> tuple[list[dict[str, Any]], str | None]:
    query: dict[str, Any] = {} if start is None else {"ExclusiveStartKey": start}
    answer = _dynamodb.query(
        TableName=_table(),
        KeyConditionExpression="pk = :pk AND sk < :letters",
        ExpressionAttributeValues={":pk": {"S": partition}, ":letters": {"S": LETTERS}},
        ScanIndexForward=not newest_first,
        Limit=limit,
        **query,
    )
    last = answer.get("LastEvaluatedKey")
    return answer["Items"], None if last is None else last["sk"]["S"]


def _table() -> str:
    return os.environ["MESSAGES_TABLE"]
