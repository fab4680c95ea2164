"""Polling one mapping's stream: order, checkpoints, restarts, errors, the end."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from botocore.exceptions import EndpointConnectionError
from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient

from dev.local_aws.event_sources import batches as batches_module
from dev.local_aws.event_sources import worker as worker_module
from dev.local_aws.event_sources.checkpoints import Checkpoints
from dev.local_aws.event_sources.deployed_mappings import DeployedMapping
from dev.local_aws.event_sources.shards import Stream
from dev.local_aws.event_sources.worker import StopSignal, Worker
from dev.local_aws.invocation import Outcome
from tests.unit.dev.local_aws.event_sources.fake_effects import numbers
from tests.unit.dev.local_aws.event_sources.fake_streams import FakeStreams
from tests.unit.dev.local_aws.event_sources.stream_records import ARRIVED, STREAM_ARN, record
from tests.waiting import DEADLINE_SECONDS, wait_until


@dataclass
class Consumer:
    """A function that remembers what it got; `outcome` is what it does."""

    outcome: Callable[[], Outcome] = lambda: Outcome(None, None, "")
    got: list[int] = field(default_factory=list)

    def __call__(self, event: dict[str, Any]) -> Outcome:
        self.got += numbers(event["Records"])
        return self.outcome()


@dataclass
class Bench:
    """Workers of one mapping over one stream, whose checkpoints lie in a folder."""

    folder: Path
    streams: FakeStreams
    consumer: Consumer = field(default_factory=Consumer)
    stop_signal: StopSignal = field(default_factory=StopSignal)
    stored: list[dict[str, Any]] = field(default_factory=list)
    now: float = ARRIVED

    def worker(self, **properties: Any) -> Worker:
        source = {"EventSourceArn": {"Fn::GetAtt": "OrdersTable.StreamArn"}, "FunctionName": {"Ref": "F"}}
        destination = {"DestinationConfig": {"OnFailure": {"Destination": {"Fn::GetAtt": "FailureBucket.Arn"}}}}
        properties = source | destination | {"StartingPosition": "TRIM_HORIZON"} | properties
        planned = DeployedMapping("M", "uuid", properties, STREAM_ARN, "arn:f", "bucket")
        return Worker(
            planned,
            Stream(cast(DynamoDBStreamsClient, self.streams), STREAM_ARN),
            self.consumer,
            self.stored.append,
            Checkpoints(self.folder / "checkpoints.json"),
            self.stop_signal,
            clock=lambda: self.now,
        )


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Polls and retries follow at once. Under faketime, a wait with a time limit would last until the faked date."""
    monkeypatch.setattr(worker_module, "POLL_SECONDS", 0)
    monkeypatch.setattr(batches_module, "FIRST_PAUSE_SECONDS", 0)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path, FakeStreams({"one": [record(1), record(2)]}))


@pytest.fixture
def run() -> Iterator[Callable[[Worker], threading.Thread]]:
    """Runs workers in threads, and ends them with the test."""
    started: list[tuple[Worker, threading.Thread]] = []

    def start(worker: Worker) -> threading.Thread:
        thread = threading.Thread(target=worker.run)
        started.append((worker, thread))
        thread.start()
        return thread

    yield start
    for worker, thread in started:
        worker.stop_signal.request_stop()
        thread.join(DEADLINE_SECONDS)
        assert not thread.is_alive()


def test_each_poll_delivers_what_is_new(bench: Bench) -> None:
    worker = bench.worker()

    assert worker.poll() is True
    assert worker.poll() is False
    bench.streams.shards["one"].append(record(3))
    assert worker.poll() is True

    assert bench.consumer.got == [1, 2, 3]


def test_another_worker_goes_on_where_the_first_ended(bench: Bench) -> None:
    bench.worker().poll()
    bench.streams.shards["one"].append(record(3))

    bench.worker().poll()

    assert bench.consumer.got == [1, 2, 3]
    assert json.loads((bench.folder / "checkpoints.json").read_text()) == {f"M {STREAM_ARN}": {"one": "3"}}


def test_torn_checkpoints_deliver_everything_again(bench: Bench) -> None:
    (bench.folder / "checkpoints.json").write_text('{"M')

    bench.worker().poll()

    assert bench.consumer.got == [1, 2]


def test_stream_that_began_anew_is_read_from_its_beginning(bench: Bench) -> None:
    bench.worker().poll()
    bench.streams.shards["one"] = [record(7), record(8)]

    bench.worker().poll()

    assert bench.consumer.got == [1, 2, 7, 8]


def test_children_wait_for_their_parent(bench: Bench) -> None:
    bench.streams.shards = {"child": [record(2)], "one": [record(1)]}
    bench.streams.parents = {"child": "one"}
    worker = bench.worker()

    worker.poll()
    worker.poll()
    assert bench.consumer.got == [1]
    bench.streams.ended = {"one"}
    worker.poll()
    worker.poll()

    assert bench.consumer.got == [1, 2]


def test_latest_leaves_out_what_was_there_before(bench: Bench) -> None:
    bench.worker(StartingPosition="LATEST").poll()
    bench.streams.shards["one"].append(record(3))

    bench.worker(StartingPosition="LATEST").poll()

    assert bench.consumer.got == [3]


def test_latest_of_an_empty_stream_misses_nothing_after_a_restart(bench: Bench) -> None:
    bench.streams.shards["one"] = []
    bench.worker(StartingPosition="LATEST").poll()
    bench.streams.shards["one"].append(record(1))

    bench.worker(StartingPosition="LATEST").poll()

    assert bench.consumer.got == [1]


def test_window_gathers_a_batch(bench: Bench) -> None:
    worker = bench.worker(MaximumBatchingWindowInSeconds=300, BatchSize=3)

    worker.poll()
    worker.poll()
    assert bench.consumer.got == []
    bench.streams.shards["one"].append(record(3))
    worker.poll()

    assert bench.consumer.got == [1, 2, 3]


def test_window_that_is_over_delivers_what_there_is(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("dev.local_aws.event_sources.worker.time", SimpleNamespace(monotonic=lambda: now))
    worker = bench.worker(MaximumBatchingWindowInSeconds=300)

    worker.poll()
    now += 300
    worker.poll()

    assert bench.consumer.got == [1, 2]


def test_window_ends_with_the_process(bench: Bench) -> None:
    worker = bench.worker(MaximumBatchingWindowInSeconds=300)
    worker.poll()
    bench.stop_signal.request_stop()

    worker.run()

    assert bench.consumer.got == [1, 2]


def test_records_in_the_stream_are_delivered_before_it_stops(bench: Bench) -> None:
    bench.stop_signal.request_stop()

    bench.worker().run()

    assert bench.consumer.got == [1, 2]


def test_failed_records_are_retried_before_it_stops(bench: Bench) -> None:
    outcomes = iter([Outcome(None, "TransactionCanceledException", ""), Outcome(None, None, "")])
    bench.consumer.outcome = lambda: next(outcomes)
    bench.stop_signal.request_stop()

    bench.worker().run()

    assert bench.consumer.got == [1, 2, 1, 2]


def test_end_does_not_wait_for_a_consumer_that_always_fails(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "DRAIN_SECONDS", 0)
    bench.consumer.outcome = lambda: Outcome(None, "ValueError", "")
    bench.stop_signal.request_stop()

    bench.worker().run()

    assert bench.consumer.got == [1, 2]
    assert not (bench.folder / "checkpoints.json").exists()


def test_worker_runs_again_after_it_delivered_at_the_end(bench: Bench) -> None:
    """A consumer may write to a stream that another worker has read to its end."""
    bench.stop_signal.request_stop()
    worker = bench.worker()

    assert [worker.run(), worker.run()] == [True, False]


def test_end_does_not_wait_for_a_long_stream(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "DRAIN_SECONDS", 0)
    bench.stop_signal.request_stop()

    bench.worker(BatchSize=1).run()

    assert bench.consumer.got == [1]
    assert Checkpoints(bench.folder / "checkpoints.json").get(f"M {STREAM_ARN}", "one") == "1"


def test_error_at_the_end_reports_what_is_not_delivered(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    bench.streams.failures = [EndpointConnectionError(endpoint_url="http://127.0.0.1:1")]
    bench.stop_signal.request_stop()

    bench.worker().run()

    assert bench.consumer.got == []
    assert caplog.messages[-1] == "M: the newest records of its stream are not delivered"


def test_errors_of_the_emulator_are_survived_and_logged_once(
    bench: Bench, run: Callable[[Worker], threading.Thread], caplog: pytest.LogCaptureFixture
) -> None:
    bench.streams.failures = [EndpointConnectionError(endpoint_url="http://127.0.0.1:1"), KeyError("bug")]

    run(bench.worker())

    wait_until(lambda: bench.consumer.got == [1, 2])
    assert [record.getMessage() for record in caplog.records] == [
        'M: Could not connect to the endpoint URL: "http://127.0.0.1:1"; trying again'
    ]


def test_emulator_that_was_restarted_is_read_anew(bench: Bench, run: Callable[[Worker], threading.Thread]) -> None:
    worker = bench.worker()
    worker.poll()
    bench.streams.shards["one"] = [record(7)]  # fewer than were read: an old iterator would lie behind them
    bench.streams.failures = [EndpointConnectionError(endpoint_url="http://127.0.0.1:1")]

    run(worker)

    wait_until(lambda: bench.consumer.got == [1, 2, 7])


def test_stuck_mapping_does_not_stop_another(
    bench: Bench, tmp_path: Path, run: Callable[[Worker], threading.Thread]
) -> None:
    stuck = Bench(tmp_path / "stuck", FakeStreams({"one": [record(1)]}), stop_signal=bench.stop_signal)
    stuck.folder.mkdir()
    stuck.consumer.outcome = lambda: Outcome(None, "ValueError", "")
    run(stuck.worker())
    wait_until(lambda: len(stuck.consumer.got) > 1)

    run(bench.worker())

    wait_until(lambda: bench.consumer.got == [1, 2])
    stuck.consumer.outcome = lambda: Outcome(None, None, "")  # or its worker would try again for a minute


def test_worker_waits_only_if_it_found_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    found, done, worker = iter([True, False, False]), [], bench.worker()

    def poll() -> bool:
        done.append("poll")
        return next(found)

    def wait(seconds: float) -> None:
        done.append("wait")
        bench.stop_signal.request_stop()

    monkeypatch.setattr(worker, "poll", poll)
    monkeypatch.setattr(bench.stop_signal, "wait", wait)
    worker.run()

    assert done == ["poll", "poll", "wait", "poll"]


def test_end_does_not_wait_for_the_next_poll(
    bench: Bench, run: Callable[[Worker], threading.Thread], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "POLL_SECONDS", 3600)
    monkeypatch.setattr(worker_module, "LONGEST_PAUSE_SECONDS", 3600)
    thread = run(bench.worker())
    wait_until(lambda: bench.consumer.got)

    bench.stop_signal.request_stop()

    thread.join(DEADLINE_SECONDS)
    assert not thread.is_alive()


def test_record_s_age_is_that_of_the_worker_s_clock(bench: Bench) -> None:
    bench.now = ARRIVED + 61

    bench.worker(MaximumRecordAgeInSeconds=60).poll()

    assert bench.consumer.got == []
    assert [record["requestContext"]["condition"] for record in bench.stored] == ["RecordAgeExceeded"]
