"""The invocation record that Lambda stores in a mapping's failure bucket.

https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
"""

import json
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from dev.local_aws.failure_bucket import text_of
from dev.local_aws.invocation import Outcome

type Record = dict[str, Any]
"""A stream record as Lambda hands it to a function."""
type Condition = Literal["RetryAttemptsExhausted", "RecordAgeExceeded"]
"""The guide shows the first only. The second is what consumers of such records report from AWS."""


@dataclass(frozen=True, slots=True)
class Source:
    """Stream and function of stream records, as in an invocation record."""

    stream_arn: str
    shard_id: str
    function_arn: str


def invocation_record(
    source: Source, records: Sequence[Record], condition: Condition, invocations: int, last: Outcome | None, now: float
) -> dict[str, Any]:
    """Return the invocation record of `records`; `last` is the outcome of their last invocation, or None."""
    return {
        "requestContext": {
            "requestId": _request_id(last),
            "functionArn": source.function_arn,
            "condition": condition,
            "approximateInvokeCount": invocations,
        },
        **({} if last is None else {"responseContext": _response(last)}),
        "version": "1.0",
        "timestamp": text_of(now),
        "DDBStreamBatchInfo": {
            "shardId": source.shard_id,
            "startSequenceNumber": records[0]["dynamodb"]["SequenceNumber"],
            "endSequenceNumber": records[-1]["dynamodb"]["SequenceNumber"],
            "approximateArrivalOfFirstRecord": text_of(arrival(records[0]), "seconds"),
            "approximateArrivalOfLastRecord": text_of(arrival(records[-1]), "seconds"),
            "batchSize": len(records),
            "streamArn": source.stream_arn,
        },
        "payload": json.dumps({"Records": list(records)}),
    }


def _response(last: Outcome) -> dict[str, Any]:
    """Return the response. Its error is null if the function reported failed records, as recorded on AWS."""
    error = None if last.error is None else "Unhandled"
    return {"statusCode": 200, "executedVersion": "$LATEST", "functionError": error}


def arrival(record: Record) -> float:
    """Return the time of a change in seconds since 1970."""
    return float(record["dynamodb"]["ApproximateCreationDateTime"])


def _request_id(last: Outcome | None) -> str:
    """Return the id under which the function logged, where the platform logged it too."""
    logged = re.search(r"RequestId: (\S+)", last.log) if last is not None else None
    return logged[1] if logged else str(uuid.uuid4())
