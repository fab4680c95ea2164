"""Objects in a failure bucket."""

import json
import re
from typing import Any

import pytest

from dev.application import in_process
from dev.local_aws import failure_bucket

SECOND = r"\d{4}/\d\d/\d\d/\d{4}-\d\d-\d\dT\d\d\.\d\d\.\d\d-[0-9a-f-]{36}"


def test_key_is_that_of_lambda() -> None:
    key = failure_bucket.object_key("uuid/shardId-1", "2026-11-21T08:05:09.100Z")

    assert re.fullmatch(r"aws/lambda/uuid/shardId-1/2026/11/21/2026-11-21T08\.05\.09-[0-9a-f-]{36}", key)


def test_asynchronous_event_is_stored_as_by_lambda(dynamodb: object, monkeypatch: pytest.MonkeyPatch) -> None:
    bucket, s3 = in_process.physical_name("FailureBucket"), in_process.client("s3")
    monkeypatch.setenv("FAILURE_BUCKET", bucket)
    event: dict[str, Any] = {"Records": [{"s3": {"object": {"key": "uploads/1"}}}]}

    failure_bucket.handler(
        {
            "requestContext": {
                "functionArn": "arn:aws:lambda:us-east-1:000000000000:function:on-upload",
                "condition": "RetriesExhausted",
                "approximateInvokeCount": 3,
            },
            "requestPayload": event,
            "responseContext": {"statusCode": 200, "functionError": "Unhandled"},
            "responsePayload": {"errorMessage": "bug"},
        },
        None,
    )

    (stored,) = s3.list_objects_v2(Bucket=bucket)["Contents"]
    content = json.loads(s3.get_object(Bucket=bucket, Key=stored["Key"])["Body"].read())
    assert re.fullmatch(f"aws/lambda/async/on-upload/{SECOND}", stored["Key"])
    assert re.fullmatch(r"[\d-]{10}T[\d:]{8}\.\d{3}Z", content.pop("timestamp"))
    assert len(content["requestContext"].pop("requestId")) == 36
    assert content == {
        "version": "1.0",
        "requestContext": {
            "functionArn": "arn:aws:lambda:us-east-1:000000000000:function:on-upload:$LATEST",
            "condition": "RetriesExhausted",
            "approximateInvokeCount": 3,
        },
        "requestPayload": event,
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
        "responsePayload": {"errorMessage": "bug"},
    }
