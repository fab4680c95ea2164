"""The stream border: every record is tried, the failed ones are reported."""

from typing import Any

from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord

from dev.application.in_process import lambda_context
from shared.stream import stream_handler
from tests.unit.conftest import LogLines


def records(*numbers: int) -> dict[str, Any]:
    return {
        "Records": [
            {"eventID": f"event-{number}", "eventSource": "aws:dynamodb", "dynamodb": {"SequenceNumber": str(number)}}
            for number in numbers
        ]
    }


def test_good_records_are_all_handled() -> None:
    handled: list[str | None] = []
    handler = stream_handler(lambda record: handled.append(record.event_id))

    assert handler(records(1, 2), lambda_context()) == {"batchItemFailures": []}
    assert handled == ["event-1", "event-2"]


def test_failed_records_are_reported_and_the_rest_handled() -> None:
    handled: list[str | None] = []

    def handle(record: DynamoDBRecord) -> None:
        if record.event_id == "event-2":
            raise ValueError("poison")
        handled.append(record.event_id)

    answer = stream_handler(handle)(records(1, 2, 3), lambda_context())

    assert answer == {"batchItemFailures": [{"itemIdentifier": "2"}]}
    assert handled == ["event-1", "event-3"]


def test_a_batch_of_nothing_but_failures_is_reported_too() -> None:
    def handle(record: DynamoDBRecord) -> None:
        raise ValueError("poison")

    answer = stream_handler(handle)(records(1, 2), lambda_context())

    assert answer == {"batchItemFailures": [{"itemIdentifier": "1"}, {"itemIdentifier": "2"}]}


def test_one_batch_leaves_nothing_to_the_next() -> None:
    fail = True

    def handle(record: DynamoDBRecord) -> None:
        if fail:
            raise ValueError("once")

    handler = stream_handler(handle)
    handler(records(1), lambda_context())
    fail = False

    assert handler(records(2), lambda_context()) == {"batchItemFailures": []}


def test_failure_is_logged_with_its_trace_once(log_lines: LogLines) -> None:
    def handle(record: DynamoDBRecord) -> None:
        raise ValueError("cause")

    stream_handler(handle)(records(1), lambda_context())

    (line,) = [line for line in log_lines() if line.get("message") == "record failed"]
    assert line["correlation_id"] == "event-1"
    assert "ValueError: cause" in line["exception"]
    assert "stack_trace" not in line
