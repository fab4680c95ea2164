"""Objects in a failure bucket, as Lambda stores them.

A copy of this file is the code of a local function, so it imports nothing else of `dev`.
"""

import json
import os
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import botocore.session


def object_key(source: str, timestamp: str) -> str:
    """Return a new key for a record of some time, `2026-11-21T08:00:00.100Z`.

    The source is `UUID/SHARD` of a stream mapping, or `async/NAME` of a function.
    """
    day, second = timestamp[:10].replace("-", "/"), timestamp[:19].replace(":", ".")
    return f"aws/lambda/{source}/{day}/{second}-{uuid.uuid4()}"


def text_of(seconds: float, precision: str = "milliseconds") -> str:
    """Return a time in seconds since 1970 as text. A record's timestamp is in milliseconds."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec=precision).replace("+00:00", "Z")


def handler(record: Mapping[str, Any], _context: object) -> None:
    """Store the emulator's record of a failed asynchronous event, with the fields that it lacks."""
    context, timestamp = record["requestContext"], text_of(datetime.now(UTC).timestamp())
    arn = context["functionArn"]
    complete = {
        "version": "1.0",
        "timestamp": timestamp,
        **record,
        "requestContext": {"requestId": str(uuid.uuid4()), **context, "functionArn": f"{arn}:$LATEST"},
        "responseContext": {"executedVersion": "$LATEST", **record["responseContext"]},
    }
    s3: Any = botocore.session.get_session().create_client("s3")
    s3.put_object(
        Bucket=os.environ["FAILURE_BUCKET"],
        Key=object_key(f"async/{arn.rpartition(':')[2]}", timestamp),
        Body=json.dumps(complete),
    )
