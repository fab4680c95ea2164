"""Idempotency-Key: a repeated request returns the result of the first one and has no further effect.

The transaction that does the write also stores the record of the key, so that neither exists without the other. A
record contains hashes and the values that the first request generated, such as ids and times. It expires after an
hour, and TTL deletes it later.
"""

import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.api import Request
from shared.aws import ClientError, ConditionFailedError, cancellation_codes, transact_write
from shared.clock import epoch_seconds
from shared.errors import ConflictError, InvalidParameterError, RetryLaterError, UnprocessableError

EXPIRES_AFTER_SECONDS = 3600
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


class IdempotencyKeyReusedError(UnprocessableError):
    code = "IdempotencyKeyReused"


class RequestInProgressError(ConflictError, RetryLaterError):
    code = "RequestInProgress"


@dataclass(frozen=True, slots=True)
class IdempotencyRecord:
    """The record of a key: `id` and `payload` are hashes, `generated` are values that the first request generated."""

    id: str
    payload: str
    generated: Mapping[str, str]
    now: str

    @classmethod
    def of(
        cls, request: Request, *, scope: list[str], values: Mapping[str, Any], generated: Sequence[str], now: str
    ) -> "IdempotencyRecord | None":
        """Return the record of a request's Idempotency-Key, None without one.

        Keys are distinct per `scope`. Requests with one key must have equal `values`, except for `generated` ones.
        None is no value, so that a field can be added.
        Raises InvalidParameterError unless the key has 1 to 255 visible ASCII characters.
        """
        key = request.headers.get("idempotency-key")
        if key is None:
            return None
        if not _KEY.fullmatch(key):
            raise InvalidParameterError("Idempotency-Key takes 1 to 255 visible ASCII characters.")
        payload = {name: str(value) for name, value in values.items() if name not in generated and value is not None}
        return cls(_hash([*scope, key]), _hash(payload), {name: values[name] for name in generated}, now)

    def put(self) -> dict[str, Any]:
        """Return the Put that fails if the key was used in the last hour."""
        now = epoch_seconds(self.now)
        return {
            "TableName": os.environ["IDEMPOTENCY_TABLE"],
            "Item": {
                "id": {"S": self.id},
                "payload": {"S": self.payload},
                "generated": {"M": {name: {"S": value} for name, value in self.generated.items()}},
                "expiration": {"N": str(now + EXPIRES_AFTER_SECONDS)},
            },
            "ConditionExpression": "attribute_not_exists(id) OR expiration <= :now",
            "ExpressionAttributeValues": {":now": {"N": str(now)}},
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }

    def generated_before(self, existing: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the first request generated. Raises IdempotencyKeyReusedError if its payload was another."""
        if existing["payload"]["S"] != self.payload:
            raise IdempotencyKeyReusedError("The Idempotency-Key was used with another request.")
        return {name: value["S"] for name, value in existing["generated"]["M"].items()}


def write_once(writes: list[dict[str, Any]], record: IdempotencyRecord | None) -> dict[str, Any]:
    """Do `writes` in one transaction with the record, if there is one.

    Returns {}, or for a repeated key what the first request generated. Raises IdempotencyKeyReusedError,
    RequestInProgressError if an equal request is being handled at this moment, and ConditionFailedError.
    """
    if record is None:
        transact_write(writes)
        return {}
    try:
        transact_write([*writes, {"Put": record.put()}])
    except ConditionFailedError as error:
        existing = error.items.get(len(writes))
        if existing is None:
            raise
        return record.generated_before(existing)
    except ClientError as error:
        if "TransactionConflict" in cancellation_codes(error):
            raise RequestInProgressError("Another request is writing the same items. Try again.") from error
        raise
    return {}


def _hash(values: list[str] | dict[str, str]) -> str:
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()
