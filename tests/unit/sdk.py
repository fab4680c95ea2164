"""Faults between the AWS SDK and DynamoDB."""

import contextlib
import io
import json
from collections.abc import Iterator
from typing import Any

from botocore.awsrequest import AWSResponse, HTTPHeaders
from botocore.exceptions import ClientError


def rejection(code: str, *reasons: str) -> ClientError:
    """Return the error of a transaction that DynamoDB rejects, with the reason of each of its writes."""
    answer: Any = {
        "Error": {"Code": code, "Message": ""},
        "CancellationReasons": [{"Code": reason} for reason in reasons],
    }
    return ClientError(answer, "TransactWriteItems")


@contextlib.contextmanager
def lost_answer(client: Any, operation: str) -> Iterator[None]:
    """Let the SDK repeat its next request although DynamoDB has handled it, because the response was lost.

    The AWS in memory ignores the tokens of transactions, so this responds as DynamoDB does to a repeated token.
    """
    tokens: set[str] = set()

    def repeat(attempts: int, **_: Any) -> int | None:
        return 0 if attempts == 1 else None  # seconds to wait; None: the response arrived

    def respond(request: Any, **_: Any) -> AWSResponse | None:
        token = json.loads(request.body).get("ClientRequestToken")
        if token in tokens:
            return AWSResponse(request.url, 200, HTTPHeaders(), _Raw(b"{}"))
        tokens.update({token} - {None})
        return None

    handlers: dict[str, Any] = {
        f"needs-retry.dynamodb.{operation}": repeat,
        f"before-send.dynamodb.{operation}": respond,
    }
    for event, handler in handlers.items():
        client.meta.events.register_first(event, handler)
    try:
        yield
    finally:
        for event, handler in handlers.items():
            client.meta.events.unregister(event, handler)


class _Raw(io.BytesIO):
    """A response's body, as urllib3 gives it."""

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.read()
