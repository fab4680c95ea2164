"""Idempotency-Key: one effect, one result."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from shared.api import Request
from shared.errors import InvalidParameterError, ProblemError
from shared.idempotency import RequestInProgressError, once
from shared.idempotency_key import IdempotencyKeyReusedError, idempotency_key
from tests.unit.http_events import api_event

pytestmark = pytest.mark.usefixtures("dynamodb")


class Counter:
    """An operation that counts its runs, and fails in those named."""

    def __init__(self, *, failing_runs: int = 0) -> None:
        self.runs = 0
        self._failing_runs = failing_runs

    def __call__(self) -> dict[str, Any]:
        self.runs += 1
        if self.runs <= self._failing_runs:
            raise ValueError("failed")
        return {"run": self.runs}


def attempt(
    operation: Callable[[], dict[str, Any]], *, key: str = "k", scope: str = "s", payload: str = "p"
) -> dict[str, Any]:
    return once(operation, scope=[scope], key=key, payload=[payload])


def test_repeat_gives_the_first_result() -> None:
    operation = Counter()

    assert [attempt(operation), attempt(operation), attempt(operation)] == [{"run": 1}] * 3
    assert operation.runs == 1


def test_keys_and_scopes_are_apart() -> None:
    operation = Counter()

    results = [attempt(operation), attempt(operation, key="other"), attempt(operation, scope="other")]

    assert results == [{"run": 1}, {"run": 2}, {"run": 3}]


def test_another_payload_is_refused() -> None:
    attempt(Counter())

    with pytest.raises(IdempotencyKeyReusedError):
        attempt(Counter(), payload="other")


def test_failure_is_forgotten() -> None:
    operation = Counter(failing_runs=1)
    with pytest.raises(ValueError, match="failed"):
        attempt(operation)

    assert attempt(operation) == {"run": 2}


def test_repeat_waits_for_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    started, finish = threading.Event(), threading.Event()

    def slow() -> dict[str, Any]:
        started.set()
        finish.wait(10)
        return {"run": "first"}

    def wait(_: float) -> None:
        finish.set()
        first.join()

    monkeypatch.setattr("shared.idempotency.time.sleep", wait)
    first = threading.Thread(target=attempt, args=[slow])
    first.start()
    started.wait(10)

    assert attempt(Counter()) == {"run": "first"}


def test_repeat_gives_up_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("shared.idempotency.time.sleep", waits.append)

    def hangs() -> dict[str, Any]:
        with pytest.raises(RequestInProgressError) as raised:
            attempt(Counter())
        assert isinstance(raised.value, ProblemError)
        assert (raised.value.status, raised.value.headers) == (409, {"Retry-After": "1"})
        return {}

    attempt(hangs)

    assert 2 <= sum(waits) <= 5


def test_record_expires_within_the_hour(dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch) -> None:
    attempt(Counter())

    (record,) = dynamodb.scan(TableName="IdempotencyTable")["Items"]
    assert record["status"] == {"S": "COMPLETED"}
    assert "expiration" in record


@pytest.mark.parametrize("key", ["a", "~" * 255, "550e8400-e29b-41d4-a716-446655440000"])
def test_key_is_read_whatever_the_case_of_its_header(key: str) -> None:
    event = api_event(headers={"idempotency-KEY": key})

    assert idempotency_key(Request.from_event(event)) == key


def test_key_is_optional() -> None:
    assert idempotency_key(Request.from_event(api_event())) is None


@pytest.mark.parametrize("key", ["", " ", "two words", "é", "a\n", "x" * 256])
def test_bad_key_is_refused(key: str) -> None:
    with pytest.raises(InvalidParameterError):
        idempotency_key(Request.from_event(api_event(headers={"Idempotency-Key": key})))
