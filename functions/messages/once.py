"""Idempotency-Key of a message: remembered by the very transaction that writes the message.

So there is no moment in which one is there without the other: the second of two equal requests finds what the first
wrote, even if the first never heard that it had.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from messages.model import Message
from shared.clock import epoch_seconds
from shared.errors import ConflictError, RetryLaterError
from shared.idempotency_key import IdempotencyKeyReusedError

EXPIRES_AFTER_SECONDS = 3600


class MessageBusyError(ConflictError, RetryLaterError):
    """Two equal requests met in one moment, and DynamoDB let neither pass the other."""

    code = "MessageBusy"


@dataclass(frozen=True, slots=True)
class Once:
    """What is remembered of a request: `partition` is its caller's or conversation's, `payload` what must be equal."""

    partition: str
    idempotency_key: str
    payload: str
    now: str

    @property
    def key(self) -> dict[str, Any]:
        """Key of the item that remembers it."""
        return {"pk": {"S": self.partition}, "sk": {"S": f"ONCE#{_hash(self.idempotency_key)}"}}

    def put(self, table: str, message: Message) -> dict[str, Any]:
        """Return the Put that fails where the key was used in the last hour."""
        now = epoch_seconds(self.now)
        return {
            "TableName": table,
            "Item": {
                **self.key,
                "payload_hash": {"S": _hash(self.payload)},
                "written": {"M": message.to_item()},
                "ttl": {"N": str(now + EXPIRES_AFTER_SECONDS)},
            },
            "ConditionExpression": "attribute_not_exists(pk) OR #ttl <= :now",
            "ExpressionAttributeNames": {"#ttl": "ttl"},
            "ExpressionAttributeValues": {":now": {"N": str(now)}},
        }

    def message_of_before(self, item: Mapping[str, Any] | None) -> Message:
        """Return what the key's first request wrote. Raises IdempotencyKeyReusedError for another request's."""
        if item is None or int(item["ttl"]["N"]) <= epoch_seconds(self.now):
            raise MessageBusyError("The same request is being handled. Try again.")
        if item["payload_hash"]["S"] != _hash(self.payload):
            raise IdempotencyKeyReusedError("The Idempotency-Key was used with another request.")
        return Message.from_item(item["written"]["M"])


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
