"""Stream consumers that handle a batch concurrently."""

import threading
from typing import Any

import pytest

from dev.application.in_process import lambda_context
from shared.aws import CALLS_AT_ONCE
from shared.concurrency import begin, concurrent_handler
from tests.unit.conftest import LogLines


def batch(*numbers: int) -> dict[str, Any]:
    return {
        "Records": [
            {
                "eventID": str(number),
                "eventName": "INSERT",
                "eventSource": "aws:dynamodb",
                "dynamodb": {"SequenceNumber": str(number)},
            }
            for number in numbers
        ]
    }


def number_of(record: dict[str, Any]) -> int:
    return int(record["eventID"])


def test_results_come_in_the_order_of_the_batch() -> None:
    found: list[tuple[int, int]] = []
    first_may_end = threading.Event()

    def work(number: int) -> int:
        if number == 1:
            first_may_end.wait()
        first_may_end.set()
        return number * 10

    handler = concurrent_handler(
        number_of, lambda numbers: [begin(work, number) for number in numbers], lambda *pair: found.append(pair)
    )

    assert handler(batch(1, 2), lambda_context()) == {"batchItemFailures": []}
    assert found == [(1, 10), (2, 20)]


@pytest.mark.parametrize("step", ["read", "work", "finish"])
def test_record_that_fails_in_a_step_is_reported_alone(step: str) -> None:
    finished = []

    def fail_second(at: str, number: int) -> int:
        if at == step and number == 2:
            raise ValueError("poison")
        return number

    handler = concurrent_handler(
        lambda record: fail_second("read", number_of(record)),
        lambda numbers: [begin(fail_second, "work", number) for number in numbers],
        lambda number, _result: finished.append(fail_second("finish", number)),
    )

    assert handler(batch(1, 2, 3), lambda_context()) == {"batchItemFailures": [{"itemIdentifier": "2"}]}
    assert finished == [1, 3]


def test_error_of_several_records_is_logged_at_the_same_length(log_lines: LogLines) -> None:
    def fail() -> None:
        raise ValueError("poison")

    handler = concurrent_handler(number_of, lambda numbers: [begin(fail)] * len(numbers), lambda *_: None)
    handler(batch(1, 2, 3), lambda_context())

    assert len({len(line["exception"]) for line in log_lines()}) == 1


def test_threads_are_bounded() -> None:
    threads = set()

    def work(_number: int) -> None:
        threads.add(threading.current_thread())

    handler = concurrent_handler(
        number_of, lambda numbers: [begin(work, number) for number in numbers], lambda *_: None
    )
    handler(batch(*range(1000)), lambda_context())

    assert len(threads) <= CALLS_AT_ONCE
