"""What happens to the records of one shard."""

from typing import Any

import pytest

from dev.streams.failure import Record
from tests.unit.dev.fake_world import FakeWorld, NotInvokedError, numbers, report
from tests.unit.dev.stream_records import ARRIVED, mapping, record

PARTIAL: dict[str, Any] = {"FunctionResponseTypes": ["ReportBatchItemFailures"]}
BISECT: dict[str, Any] = {"BisectBatchOnFunctionError": True}


def succeed(records: list[Record]) -> Any:
    return None


def fail_at(*poison: int) -> Any:
    """Return a consumer that raises if it gets one of some records."""

    def consume(records: list[Record]) -> None:
        if set(poison) & set(numbers(records)):
            raise ValueError

    return consume


def report_at(*poison: int) -> Any:
    """Return a consumer that reports some records, each with its own number."""
    return lambda records: report(*(str(number) for number in numbers(records) if number in poison))


def run(consumer: Any, count: int = 4, **properties: Any) -> FakeWorld:
    world = FakeWorld(consumer)
    world.deliver(mapping(**properties), [record(number) for number in range(1, count + 1)])
    return world


def test_records_come_in_batches_each_saved() -> None:
    world = run(succeed, count=5, BatchSize=2)

    assert world.invoked == [[1, 2], [3, 4], [5]]
    assert world.saved == ["2", "4", "5", "5"]
    assert world.pauses == []


def test_filtered_records_are_passed_without_an_invocation() -> None:
    world = run(succeed, FilterCriteria={"Filters": [{"Pattern": '{"eventName": ["REMOVE"]}'}]})

    assert world.invoked == []
    assert world.saved == ["4"]


def test_batch_is_filled_with_records_that_pass_the_filter() -> None:
    world = FakeWorld(succeed)
    pattern = {"Filters": [{"Pattern": '{"eventName": ["INSERT"]}'}]}
    records = [record(1), record(2, eventName="MODIFY"), record(3), record(4, eventName="MODIFY")]

    world.deliver(mapping(BatchSize=2, FilterCriteria=pattern), records)

    assert world.invoked == [[1, 3]]
    assert world.saved == ["3", "4"]


@pytest.mark.parametrize("answer", [None, {}, {"batchItemFailures": None}, report(), {"ok": True}])
def test_answer_is_a_complete_success(answer: Any) -> None:
    world = run(lambda _: answer, **PARTIAL, MaximumRetryAttempts=0)

    assert world.invoked == [[1, 2, 3, 4]]
    assert world.messages == []


MALFORMED = [
    report(""),
    report(None),
    report("99"),
    report("2", "99"),
    report("2", None),
    report(2),
    {"batchItemFailures": [{"badKey": "2"}]},
    {"batchItemFailures": ["2"]},
    {"batchItemFailures": {"itemIdentifier": "2"}},
    {"batchItemFailures": "2"},
    "fine",
    ["2"],
]


@pytest.mark.parametrize("answer", MALFORMED)
def test_answer_is_a_complete_failure(answer: Any) -> None:
    world = run(lambda _: answer, **PARTIAL, MaximumRetryAttempts=0)

    assert world.invoked == [[1, 2, 3, 4]]
    assert world.given_up() == [("RetryAttemptsExhausted", "1", "4", 1)]


def test_answer_means_nothing_unless_it_is_asked_for() -> None:
    assert run(report_at(2)).invoked == [[1, 2, 3, 4]]


def test_lowest_failed_record_is_the_checkpoint() -> None:
    answers = iter([report("4", "3"), report()])
    world = run(lambda _: next(answers), **PARTIAL)

    assert world.invoked == [[1, 2, 3, 4], [3, 4]]
    assert world.saved == ["2", "4", "4"]


def test_numbers_are_compared_as_numbers() -> None:
    answers = iter([report("10", "9"), report()])
    world = FakeWorld(lambda _: next(answers))

    world.deliver(mapping(**PARTIAL), [record(8), record(9), record(10)])

    assert world.invoked == [[8, 9, 10], [9, 10]]


def test_failed_batch_is_retried_then_given_up_whole() -> None:
    world = run(fail_at(3), count=3, MaximumRetryAttempts=2)

    assert world.invoked == [[1, 2, 3]] * 3
    assert world.pauses == [0.1, 0.2]
    assert world.given_up() == [("RetryAttemptsExhausted", "1", "3", 3)]
    assert world.saved == ["3", "3"]


def test_pauses_grow_to_two_seconds() -> None:
    assert run(fail_at(1), MaximumRetryAttempts=7).pauses == [0.1, 0.2, 0.4, 0.8, 1.6, 2.0, 2.0]


def test_what_follows_a_given_up_batch_is_delivered() -> None:
    world = run(fail_at(1), BatchSize=2, MaximumRetryAttempts=0)

    assert world.invoked == [[1, 2], [3, 4]]


def test_failed_batch_is_halved_until_the_poison_is_alone() -> None:
    world = run(fail_at(3), **BISECT, MaximumRetryAttempts=1)

    assert world.invoked == [[1, 2, 3, 4], [1, 2], [3, 4], [3], [3], [4]]
    assert world.given_up() == [("RetryAttemptsExhausted", "3", "3", 4)]
    assert world.saved == ["2", "3", "4", "4"]


def test_reported_batch_is_cut_at_the_reported_record() -> None:
    world = run(report_at(2), **PARTIAL, **BISECT, MaximumRetryAttempts=1)

    assert world.invoked == [[1, 2, 3, 4], [2, 3, 4], [2], [2], [3, 4]]
    assert world.given_up() == [("RetryAttemptsExhausted", "2", "2", 4)]
    assert world.saved == ["1", "2", "4", "4"]


def test_report_of_the_first_record_is_no_progress() -> None:
    world = run(report_at(1), **PARTIAL, MaximumRetryAttempts=1)

    assert world.invoked == [[1, 2, 3, 4], [1, 2, 3, 4]]
    assert world.given_up() == [("RetryAttemptsExhausted", "1", "4", 2)]


def test_progress_gives_all_retries_back() -> None:
    answers = iter([report("1"), report("2"), report("2"), report()])
    world = run(lambda _: next(answers), **PARTIAL, MaximumRetryAttempts=1)

    assert world.invoked == [[1, 2, 3, 4], [1, 2, 3, 4], [2, 3, 4], [2, 3, 4]]
    assert world.messages == []


def test_old_records_are_given_up_without_an_invocation() -> None:
    world = FakeWorld(succeed, now=ARRIVED + 61)
    old = [record(1), record(2)]
    new = record(3)
    new["dynamodb"]["ApproximateCreationDateTime"] = ARRIVED + 1

    world.deliver(mapping(MaximumRecordAgeInSeconds=60), [*old, new])

    assert world.invoked == [[3]]
    assert world.given_up() == [("RecordAgeExceeded", "1", "2", 0)]
    assert world.saved == ["2", "3", "3"]


def test_without_a_limit_records_are_retried_until_they_are_too_old() -> None:
    world = run(fail_at(1), count=1, MaximumRecordAgeInSeconds=60)

    assert world.given_up() == [("RecordAgeExceeded", "1", "1", 34)]
    assert 60 <= sum(world.pauses) <= 62


def test_without_any_limit_records_end_with_the_stream_s_retention() -> None:
    world = FakeWorld(fail_at(1), now=ARRIVED + 86390)

    world.deliver(mapping(), [record(1)])

    assert world.given_up() == [("RecordAgeExceeded", "1", "1", 9)]


def test_function_that_cannot_be_invoked_costs_no_retry() -> None:
    answers = iter([NotInvokedError(), NotInvokedError(), None])

    def consume(records: list[Record]) -> None:
        if answer := next(answers):
            raise answer

    world = run(consume, count=2, MaximumRetryAttempts=0)

    assert world.invoked == [[1, 2]]
    assert world.messages == []
    assert world.pauses == [0.1, 0.2]


def test_function_that_can_never_be_invoked_ends_with_the_records_age() -> None:
    def consume(records: list[Record]) -> None:
        raise NotInvokedError

    world = run(consume, count=1, MaximumRetryAttempts=0, MaximumRecordAgeInSeconds=60)

    assert world.given_up() == [("RecordAgeExceeded", "1", "1", 0)]


def test_message_that_the_queue_refuses_is_sent_again() -> None:
    world = FakeWorld(fail_at(1), queue_failures=2)

    world.deliver(mapping(MaximumRetryAttempts=0), [record(1)])

    assert world.given_up() == [("RetryAttemptsExhausted", "1", "1", 1)]
    assert world.pauses == [0.1, 0.2]


def test_nothing_is_saved_before_its_message_is_sent() -> None:
    class StopError(Exception):
        """The process ends."""

    world = FakeWorld(fail_at(1), queue_failures=1)

    def stop(seconds: float) -> None:
        raise StopError

    world._pause = stop  # type: ignore[method-assign]
    with pytest.raises(StopError):
        world.deliver(mapping(MaximumRetryAttempts=0), [record(1)])

    assert world.saved == []


def test_without_a_queue_records_are_given_up_in_silence() -> None:
    world = run(fail_at(1), MaximumRetryAttempts=0, DestinationConfig={})

    assert world.messages == []
    assert world.saved == ["4", "4"]


def test_message_is_that_of_aws() -> None:
    world = FakeWorld(fail_at(2))
    last = record(2)
    last["dynamodb"]["ApproximateCreationDateTime"] = ARRIVED + 5

    world.deliver(mapping(MaximumRetryAttempts=1), [record(1), last])

    assert len(world.messages[0]["requestContext"].pop("requestId")) == 36
    assert world.messages == [
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


def test_message_about_reported_records_has_no_function_error() -> None:
    message = run(report_at(1), **PARTIAL, MaximumRetryAttempts=0).messages[0]

    assert message["responseContext"] == {"statusCode": 200, "executedVersion": "$LATEST"}
    assert message["requestContext"]["requestId"] == "7f3a"
