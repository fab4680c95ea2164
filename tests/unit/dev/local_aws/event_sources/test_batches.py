"""What happens to the records of one shard."""

from typing import Any

import pytest

from tests.unit.dev.local_aws.event_sources.fake_effects import (
    BISECT,
    PARTIAL,
    FakeEffects,
    fail_at,
    report,
    report_at,
    run,
    succeed,
)
from tests.unit.dev.local_aws.event_sources.stream_records import mapping, record


def test_records_come_in_batches_each_saved() -> None:
    effects = run(succeed, count=5, BatchSize=2)

    assert effects.invoked == [[1, 2], [3, 4], [5]]
    assert effects.saved == ["2", "4", "5", "5"]
    assert effects.pauses == []


def test_filtered_records_are_passed_without_an_invocation() -> None:
    effects = run(succeed, FilterCriteria={"Filters": [{"Pattern": '{"eventName": ["REMOVE"]}'}]})

    assert effects.invoked == []
    assert effects.saved == ["4"]


def test_batch_is_filled_with_records_that_pass_the_filter() -> None:
    effects = FakeEffects(succeed)
    pattern = {"Filters": [{"Pattern": '{"eventName": ["INSERT"]}'}]}
    records = [record(1), record(2, eventName="MODIFY"), record(3), record(4, eventName="MODIFY")]

    effects.deliver(mapping(BatchSize=2, FilterCriteria=pattern), records)

    assert effects.invoked == [[1, 3]]
    assert effects.saved == ["3", "4"]


def test_answer_is_a_complete_success(subtests: pytest.Subtests) -> None:
    answers: list[Any] = [None, [], {}, {"batchItemFailures": None}, report(), {"ok": True}]
    for answer in answers:
        with subtests.test(answer=answer):
            effects = run(lambda _, answer=answer: answer, **PARTIAL, MaximumRetryAttempts=0)

            assert effects.invoked == [[1, 2, 3, 4]]
            assert effects.stored == []


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


def test_answer_is_a_complete_failure(subtests: pytest.Subtests) -> None:
    for answer in MALFORMED:
        with subtests.test(answer=answer):
            effects = run(lambda _, answer=answer: answer, **PARTIAL, MaximumRetryAttempts=0)

            assert effects.invoked == [[1, 2, 3, 4]]
            assert effects.given_up() == [("RetryAttemptsExhausted", "1", "4", 1)]


def test_answer_means_nothing_unless_it_is_asked_for() -> None:
    assert run(report_at(2)).invoked == [[1, 2, 3, 4]]


def test_lowest_failed_record_is_the_checkpoint() -> None:
    answers = iter([report("4", "3"), report()])
    effects = run(lambda _: next(answers), **PARTIAL)

    assert effects.invoked == [[1, 2, 3, 4], [3, 4]]
    assert effects.saved == ["2", "4", "4"]


def test_numbers_are_compared_as_numbers() -> None:
    answers = iter([report("10", "9"), report()])
    effects = FakeEffects(lambda _: next(answers))

    effects.deliver(mapping(**PARTIAL), [record(8), record(9), record(10)])

    assert effects.invoked == [[8, 9, 10], [9, 10]]


def test_failed_batch_is_retried_then_given_up_whole() -> None:
    effects = run(fail_at(3), count=3, MaximumRetryAttempts=2)

    assert effects.invoked == [[1, 2, 3]] * 3
    assert effects.pauses == [0.1, 0.2]
    assert effects.given_up() == [("RetryAttemptsExhausted", "1", "3", 3)]
    assert effects.saved == ["3", "3"]


def test_pauses_grow_to_two_seconds() -> None:
    assert run(fail_at(1), MaximumRetryAttempts=7).pauses == [0.1, 0.2, 0.4, 0.8, 1.6, 2.0, 2.0]


def test_batches_after_a_failed_one_are_delivered() -> None:
    effects = run(fail_at(1), BatchSize=2, MaximumRetryAttempts=0)

    assert effects.invoked == [[1, 2], [3, 4]]


def test_failed_batch_is_halved_until_the_poison_is_alone() -> None:
    effects = run(fail_at(3), **BISECT, MaximumRetryAttempts=1)

    assert effects.invoked == [[1, 2, 3, 4], [1, 2], [3, 4], [3], [3], [4]]
    assert effects.given_up() == [("RetryAttemptsExhausted", "3", "3", 4)]
    assert effects.saved == ["2", "3", "4", "4"]


def test_reported_batch_is_cut_at_the_reported_record() -> None:
    effects = run(report_at(2), **PARTIAL, **BISECT, MaximumRetryAttempts=1)

    assert effects.invoked == [[1, 2, 3, 4], [2, 3, 4], [2], [2], [3, 4]]
    assert effects.given_up() == [("RetryAttemptsExhausted", "2", "2", 3)]
    assert effects.saved == ["1", "2", "4", "4"]


def test_reported_first_record_is_set_apart() -> None:
    effects = run(report_at(1), **PARTIAL, **BISECT, MaximumRetryAttempts=0)

    assert effects.invoked == [[1, 2, 3, 4], [1], [2, 3, 4]]


def test_invocations_are_counted_from_the_last_progress() -> None:
    """Recorded on AWS: 4 for three retries after a partial success."""
    effects = run(report_at(2), count=2, **PARTIAL, MaximumRetryAttempts=3)

    assert effects.invoked == [[1, 2], [2], [2], [2], [2]]
    assert effects.given_up() == [("RetryAttemptsExhausted", "2", "2", 4)]


def test_report_of_the_first_record_is_no_progress() -> None:
    effects = run(report_at(1), **PARTIAL, MaximumRetryAttempts=1)

    assert effects.invoked == [[1, 2, 3, 4], [1, 2, 3, 4]]
    assert effects.given_up() == [("RetryAttemptsExhausted", "1", "4", 2)]


def test_progress_gives_all_retries_back() -> None:
    answers = iter([report("1"), report("2"), report("2"), report()])
    effects = run(lambda _: next(answers), **PARTIAL, MaximumRetryAttempts=1)

    assert effects.invoked == [[1, 2, 3, 4], [1, 2, 3, 4], [2, 3, 4], [2, 3, 4]]
    assert effects.stored == []
