"""What becomes of the messages in the failure queue of a stream's consumer."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from dev.local_aws.event_sources.deployed_mappings import DeployedMapping
from dev.local_aws.event_sources.failure import failure_message
from dev.local_aws.invocation import Outcome
from dev.redrive.failure_queue import Answer
from dev.redrive.stream_records import StreamRedrive
from tests.unit.dev.local_aws.event_sources.fake_effects import SOURCE, numbers, report
from tests.unit.dev.local_aws.event_sources.fake_streams import FakeStreams
from tests.unit.dev.local_aws.event_sources.stream_records import ARRIVED, record
from tests.unit.dev.redrive.fake_queue import FakeQueue

FILTER = {"Filters": [{"Pattern": '{"eventName": ["INSERT"]}'}]}


@dataclass
class Bench:
    """The redrive of one mapping's queue, and the records that its function got."""

    queue: FakeQueue = field(default_factory=FakeQueue)
    streams: FakeStreams = field(
        default_factory=lambda: FakeStreams({SOURCE.shard_id: [record(number) for number in range(1, 7)]})
    )
    outcome: Callable[[int], Outcome] = lambda _: Outcome(None, None, "")
    got: list[int] = field(default_factory=list)

    def run(self) -> list[Answer]:
        properties = {
            "EventSourceArn": {"Fn::GetAtt": "OrdersTable.StreamArn"},
            "FunctionName": {"Ref": "OnOrderChangeFunction"},
            "StartingPosition": "TRIM_HORIZON",
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
            "FilterCriteria": FILTER,
        }
        planned = DeployedMapping("M", properties, SOURCE.stream_arn, SOURCE.function_arn, "url")
        return list(StreamRedrive([planned], self.queue, self.streams, self._invoke).run())

    def _invoke(self, function: str, event: dict[str, Any]) -> Outcome:
        assert function == SOURCE.function_arn
        (number,) = numbers(event["Records"])
        self.got.append(number)
        return self.outcome(number)


@pytest.fixture
def bench() -> Bench:
    return Bench()


def message(*sequence_numbers: int) -> str:
    records = [record(number) for number in sequence_numbers]
    last = Outcome(None, "ValueError", "RequestId: 7f3a")
    return json.dumps(failure_message(SOURCE, records, "RetryAttemptsExhausted", 6, last, ARRIVED))


def test_records_of_a_message_are_handled_and_it_is_deleted(bench: Bench) -> None:
    bench.queue.put(message(2, 3, 4))

    assert bench.run() == [Answer(handled=True, line="OnOrderChangeFunction 2..4: 3 handled")]

    assert bench.got == [2, 3, 4]
    assert bench.queue == FakeQueue()


def test_filtered_record_within_the_range_is_left_out(bench: Bench) -> None:
    bench.streams.shards[SOURCE.shard_id][2] = record(3, eventName="MODIFY")
    bench.queue.put(message(2, 4))

    bench.run()

    assert bench.got == [2, 4]


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        (Outcome(None, "ValueError", ""), "ValueError"),
        (Outcome(report("3"), None, ""), "reported by the function"),
    ],
)
def test_message_with_a_record_that_fails_again_stays(bench: Bench, outcome: Outcome, reason: str) -> None:
    bench.outcome = lambda number: outcome if number == 3 else Outcome(report(), None, "")
    bench.queue.put(body := message(2, 3, 4))

    assert bench.run() == [Answer(handled=False, line=f"OnOrderChangeFunction 2..4: 1 of 3 failed: 3 ({reason})")]

    assert bench.got == [2, 3, 4]
    assert bench.queue == FakeQueue({"m0": body})


def test_one_bad_message_does_not_keep_the_others(bench: Bench) -> None:
    bench.outcome = lambda number: Outcome(None, "ValueError" if number == 1 else None, "")
    bodies = [message(number % 2 + 1) for number in range(25)]
    bench.queue.put(*bodies)

    answers = bench.run()

    assert [answer.handled for answer in answers] == [body == message(2) for body in bodies]
    assert list(bench.queue.visible.values()) == [message(1)] * 13


@pytest.mark.parametrize("numbers_left", [[], [3, 4], [2]], ids=["all", "the first", "the last"])
def test_message_whose_records_are_gone_stays(bench: Bench, numbers_left: list[int]) -> None:
    bench.streams.shards[SOURCE.shard_id] = [record(number) for number in numbers_left]
    bench.queue.put(body := message(2, 3))

    assert bench.run() == [Answer(handled=False, line="OnOrderChangeFunction 2..3: gone from the stream")]

    assert bench.got == []
    assert bench.queue == FakeQueue({"m0": body})


@pytest.mark.parametrize("body", ["hello", "[]", "{}", '{"DDBStreamBatchInfo": {"startSequenceNumber": "x"}}'])
def test_message_of_another_shape_stays(bench: Bench, body: str) -> None:
    bench.queue.put(body)

    assert bench.run() == [Answer(handled=False, line="message m0 does not name records of a stream")]

    assert bench.queue == FakeQueue({"m0": body})


def test_message_about_another_function_stays(bench: Bench) -> None:
    bench.queue.put(body := message(2).replace("on-order-change", "other"))

    answers = bench.run()

    assert [answer.line for answer in answers] == [
        "message m0 is about arn:aws:lambda:us-east-1:000000000000:function:other"
    ]
    assert bench.queue == FakeQueue({"m0": body})


def test_interrupted_redrive_shows_every_message_again(bench: Bench) -> None:
    def interrupt(number: int) -> Outcome:
        if number == 3:
            raise KeyboardInterrupt
        return Outcome(None, None, "")

    bench.outcome = interrupt
    bench.queue.put(message(2), message(3), message(4))

    with pytest.raises(KeyboardInterrupt):
        bench.run()

    assert bench.queue == FakeQueue({"m1": message(3), "m2": message(4)})


def test_empty_queue_has_nothing_to_say(bench: Bench) -> None:
    assert bench.run() == []
