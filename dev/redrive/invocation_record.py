"""The invocation record of a failed event, which contains the event.

https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
"""

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class InvocationRecord:
    """A failed event, with the name of its function and the reason why Lambda gave it up."""

    function: str
    condition: str
    failed_at: str
    ids: tuple[str, ...]
    """Event ids of stream records, or the request id of an asynchronous event. The emulator has another one."""
    event: dict[str, Any]
    stream_records: tuple[dict[str, Any], ...]
    """Those in the event of a stream, none for an asynchronous event."""


def parse(text: bytes) -> InvocationRecord | None:
    """Return the invocation record in an object, None if the object is something else."""
    try:
        record = json.loads(text)
        context = record["requestContext"]
        is_stream = "DDBStreamBatchInfo" in record
        event = json.loads(record["payload"]) if is_stream else record["requestPayload"]
        stream_records = tuple(event["Records"]) if is_stream else ()
        return InvocationRecord(
            function=context["functionArn"].split(":")[6],  # without version
            condition=context["condition"],
            failed_at=record["timestamp"],
            ids=tuple(str(each.get("eventID")) for each in stream_records) or (str(context.get("requestId")),),
            event=event,
            stream_records=stream_records,
        )
    except (ValueError, KeyError, TypeError, AttributeError, IndexError):
        return None
