"""Records of a stream as Lambda hands them to a function."""

import json
from datetime import UTC, datetime
from typing import Any, cast

from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient

from dev.local_aws.event_sources.shards import Stream, lambda_record
from tests.unit.dev.local_aws.event_sources.fake_streams import FakeStreams
from tests.unit.dev.local_aws.event_sources.stream_records import STREAM_ARN, record


def stream(shards: dict[str, Any], **settings: Any) -> Stream:
    return Stream(cast(DynamoDBStreamsClient, FakeStreams(shards, **settings)), STREAM_ARN)


def test_every_page_of_shards_is_read() -> None:
    assert stream({"one": [], "two": []}, parents={"two": "one"}).shards() == {"one": None, "two": "one"}


def test_parent_that_is_gone_is_none() -> None:
    assert stream({"two": []}, parents={"two": "one"}).shards() == {"two": None}


def test_every_page_of_records_is_read() -> None:
    assert stream({"one": [record(1), record(2), record(3)]}, page=1).newest("one") == "3"


def test_empty_page_is_no_end() -> None:
    """DynamoDB gives empty pages in the middle of a shard."""
    assert stream({"one": [record(1), record(2)]}, page=1, empty_pages=3).newest("one") == "2"


def test_reading_goes_on_behind_a_number() -> None:
    one = stream({"one": [record(1), record(2)]})

    assert one.read(one.start("one", "1")).records == [record(2)]


def test_forgotten_number_is_the_oldest_record() -> None:
    one = stream({"one": [record(7)]})

    assert one.read(one.start("one", "3")).records == [record(7)]


def test_record_is_plain_json() -> None:
    read = {
        "eventName": "REMOVE",
        "userIdentity": {"Type": "Service", "PrincipalId": "dynamodb.amazonaws.com"},
        "dynamodb": {
            "ApproximateCreationDateTime": datetime(2026, 11, 21, 8, tzinfo=UTC),
            "OldImage": {"blob": {"B": b"\x00\xff"}, "blobs": {"BS": [b"a"]}},
        },
    }

    assert json.dumps(lambda_record(read, "arn:stream")) == json.dumps(
        {
            "eventName": "REMOVE",
            "userIdentity": {"type": "Service", "principalId": "dynamodb.amazonaws.com"},
            "dynamodb": {
                "ApproximateCreationDateTime": 1795248000,
                "OldImage": {"blob": {"B": "AP8="}, "blobs": {"BS": ["YQ=="]}},
            },
            "eventSourceARN": "arn:stream",
        }
    )
