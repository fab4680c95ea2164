"""The message that Lambda sends to a mapping's failure destination. It contains positions, not records.

https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
"""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from dev.local_aws.invocation import Outcome

type Record = dict[str, Any]
"""A stream record as Lambda hands it to a function."""
type Condition = Literal["RetryAttemptsExhausted", "RecordAgeExceeded"]
"""The guide shows the first only. The second is what consumers of such messages report from AWS."""


@dataclass(frozen=True, slots=True)
class Source:
    """Stream and function of records, as in a failure message."""

    stream_arn: str
    shard_id: str
    function_arn: str


def failure_message(
    source: Source, records: Sequence[Record], condition: Condition, invocations: int, last: Outcome | None, now: float
) -> dict[str, Any]:
    """Return the message about `records`; `last` is the outcome of their last invocation, or None."""
    return {
        "requestContext": {
            "requestId": _request_id(last),
            "functionArn": source.function_arn,
            "condition": condition,
            "approximateInvokeCount": invocations,
        },
        **({} if last is None else {"responseContext": _response(last)}),
        "version": "1.0",
        "timestamp": _time(now, "milliseconds"),
        "DDBStreamBatchInfo": {
            "shardId": source.shard_id,
            "startSequenceNumber": records[0]["dynamodb"]["SequenceNumber"],
            "endSequenceNumber": records[-1]["dynamodb"]["SequenceNumber"],
            "approximateArrivalOfFirstRecord": _time(arrival(records[0]), "seconds"),
            "approximateArrivalOfLastRecord": _time(arrival(records[-1]), "seconds"),
            "batchSize": len(records),
            "streamArn": source.stream_arn,
        },
    }


def _response(last: Outcome) -> dict[str, Any]:
    response = {"statusCode": 200, "executedVersion": "$LATEST"}
    return response if last.error is None else response | {"functionError": "Unhandled"}


def arrival(record: Record) -> float:
    """Return the time of a change in seconds since 1970."""
    return float(record["dynamodb"]["ApproximateCreationDateTime"])


def sequence(record: Record) -> int:
    """Return a record's sequence number as an integer, because texts of different length sort wrongly."""
    return int(record["dynamodb"]["SequenceNumber"])


def _request_id(last: Outcome | None) -> str:
    """Return the id under which the function logged, where the platform logged it too."""
    logged = re.search(r"RequestId: (\S+)", last.log) if last is not None else None
    return logged[1] if logged else str(uuid.uuid4())


def _time(seconds: float, precision: str) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec=precision).replace("+00:00", "Z")
