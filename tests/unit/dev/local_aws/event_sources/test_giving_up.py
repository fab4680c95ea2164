"""When records are given up, and what is stored about them."""

import json

import pytest

from dev.local_aws.event_sources.failure import Record
from tests.unit.dev.local_aws.event_sources.fake_effects import (
    PARTIAL,
    FakeEffects,
    NotInvokedError,
    fail_at,
    report_at,
    run,
    succeed,
)
from tests.unit.dev.local_aws.event_sources.stream_records import ARRIVED, mapping, record


def test_old_records_are_given_up_without_an_invocation() -> None:
    effects = FakeEffects(succeed, now=ARRIVED + 61)
    old = [record(1), record(2)]
    new = record(3)
    new["dynamodb"]["ApproximateCreationDateTime"] = ARRIVED + 1

    effects.deliver(mapping(MaximumRecordAgeInSeconds=60), [*old, new])

    assert effects.invoked == [[3]]
    assert effects.given_up() == [("RecordAgeExceeded", "1", "2", 0)]
    assert effects.saved == ["2", "3", "3"]


def test_without_a_limit_records_are_retried_until_they_are_too_old() -> None:
    effects = run(fail_at(1), count=1, MaximumRecordAgeInSeconds=60)

    assert effects.given_up() == [("RecordAgeExceeded", "1", "1", 34)]
    assert 60 <= sum(effects.pauses) <= 62


def test_without_any_limit_records_end_with_the_stream_s_retention() -> None:
    effects = FakeEffects(fail_at(1), now=ARRIVED + 86390)

    effects.deliver(mapping(), [record(1)])

    assert effects.given_up() == [("RecordAgeExceeded", "1", "1", 9)]


def test_function_that_cannot_be_invoked_costs_no_retry() -> None:
    answers = iter([NotInvokedError(), NotInvokedError(), None])

    def consume(records: list[Record]) -> None:
        if answer := next(answers):
            raise answer

    effects = run(consume, count=2, MaximumRetryAttempts=0)

    assert effects.invoked == [[1, 2]]
    assert effects.stored == []
    assert effects.pauses == [0.1, 0.2]


def test_function_that_can_never_be_invoked_ends_with_the_records_age() -> None:
    def consume(records: list[Record]) -> None:
        raise NotInvokedError

    effects = run(consume, count=1, MaximumRetryAttempts=0, MaximumRecordAgeInSeconds=60)

    assert effects.given_up() == [("RecordAgeExceeded", "1", "1", 0)]


def test_record_that_the_bucket_rejects_is_stored_again() -> None:
    effects = FakeEffects(fail_at(1), bucket_failures=2)

    effects.deliver(mapping(MaximumRetryAttempts=0), [record(1)])

    assert effects.given_up() == [("RetryAttemptsExhausted", "1", "1", 1)]
    assert effects.pauses == [0.1, 0.2]


def test_nothing_is_saved_before_its_record_is_stored() -> None:
    class StopError(Exception):
        """The process ends."""

    effects = FakeEffects(fail_at(1), bucket_failures=1)

    def stop(seconds: float) -> None:
        raise StopError

    effects._pause = stop  # type: ignore[method-assign]
    with pytest.raises(StopError):
        effects.deliver(mapping(MaximumRetryAttempts=0), [record(1)])

    assert effects.saved == []


def test_without_a_bucket_records_are_given_up_in_silence() -> None:
    effects = run(fail_at(1), MaximumRetryAttempts=0, DestinationConfig={})

    assert effects.stored == []
    assert effects.saved == ["4", "4"]


def test_invocation_record_is_that_of_aws() -> None:
    effects = FakeEffects(fail_at(2))
    last = record(2)
    last["dynamodb"]["ApproximateCreationDateTime"] = ARRIVED + 5

    effects.deliver(mapping(MaximumRetryAttempts=1), [record(1), last])

    assert len(effects.stored[0]["requestContext"].pop("requestId")) == 36
    assert json.loads(effects.stored[0].pop("payload")) == {"Records": [record(1), last]}
    assert effects.stored == [
        {
            "requestContext": {
                "functionArn": "arn:aws:lambda:us-east-1:000000000000:function:on-order-change",
                "condition": "RetryAttemptsExhausted",
                "approximateInvokeCount": 2,
            },
            "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
            "version": "1.0",
            "timestamp": "2026-11-21T08:00:00.100Z",
            "DDBStreamBatchInfo": {
                "shardId": "shardId-1",
                "startSequenceNumber": "1",
                "endSequenceNumber": "2",
                "approximateArrivalOfFirstRecord": "2026-11-21T08:00:00Z",
                "approximateArrivalOfLastRecord": "2026-11-21T08:00:05Z",
                "batchSize": 2,
                "streamArn": "arn:aws:dynamodb:us-east-1:000000000000:table/orders/stream/2026-11-21T08:00:00.000",
            },
        }
    ]


def test_error_of_reported_records_is_null() -> None:
    """Recorded on AWS."""
    given_up = run(report_at(1), **PARTIAL, MaximumRetryAttempts=0).stored[0]

    assert given_up["responseContext"] == {"statusCode": 200, "executedVersion": "$LATEST", "functionError": None}
    assert given_up["requestContext"]["requestId"] == "7f3a"
