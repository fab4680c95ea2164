"""Requests to the message functions, stream records of messages, and what the table holds."""

import json
from typing import Any

from dev.application import in_process
from messages import store
from messages.model import Message

ALICE, BOB, CAROL = "alice-sub", "bob-sub", "carol-sub"
GROUP = "0123456789abcdef0123456789abcdef"
TIME = "2026-03-01T09:00:00.000Z"


def message_event(
    body: Any = None,
    *,
    caller: str = ALICE,
    group_id: str | None = None,
    headers: dict[str, str] | None = None,
    query: dict[str, str] | None = None,
) -> dict[str, Any]:
    """Return a REST proxy event of /message-groups, or of the messages of one; what is no text is JSON."""
    return {
        "headers": headers,
        "queryStringParameters": query,
        "pathParameters": None if group_id is None else {"id": group_id},
        "requestContext": {
            "path": "/v1/message-groups" + ("" if group_id is None else f"/{group_id}/messages"),
            "requestId": "request-1",
            "authorizer": {"claims": {"sub": caller, "token_use": "id", "email": "canary@example.com"}},
        },
        "body": body if body is None or isinstance(body, str) else json.dumps(body),
        "isBase64Encoded": False,
    }


def a_message(number: int, created_at: str = TIME, text: str | None = None, **facts: str) -> Message:
    """Return a message of Alice in GROUP whose id is a number."""
    return Message(
        id=f"{number:032x}",
        group_id=facts.get("group_id", GROUP),
        sender=facts.get("sender", ALICE),
        text=text or f"message {number}",
        created_at=created_at,
    )


def begun(first: Message, other: str = BOB) -> Message:
    """Put a message group of a message's sender and another user. Returns its first message."""
    return store.create_group(first, other, None)


def said(message: Message) -> Message:
    """Put a message whose rows have not moved yet."""
    return store.create_message(message, None)


def stream_event(*messages: Message) -> dict[str, Any]:
    """Return what the stream delivers of new messages, in this order."""
    return {
        "Records": [
            {
                "eventID": f"event-{number}",
                "eventName": "INSERT",
                "eventSource": "aws:dynamodb",
                "dynamodb": {"NewImage": message.to_item(), "SequenceNumber": str(number)},
            }
            for number, message in enumerate(messages, 1)
        ]
    }


def items(prefix: str = "") -> list[dict[str, Any]]:
    """Return what the table holds in partitions whose name so begins, by key."""
    found = in_process.client("dynamodb").scan(TableName="MessagesTable")["Items"]
    wanted = [item for item in found if item["pk"]["S"].startswith(prefix)]
    return sorted(wanted, key=lambda item: (item["pk"]["S"], item["sk"]["S"]))


def rows(user: str) -> list[tuple[str, str]]:
    """Return sort key and text of a user's group rows, oldest first."""
    return [(item["sk"]["S"], item["message"]["S"]) for item in items(f"GRP#{user}") if "message" in item]


def texts() -> list[str]:
    """Return the text of every message that there is."""
    return [item["message"]["S"] for item in items("MSG#") if "message" in item]
