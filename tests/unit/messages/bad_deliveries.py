"""The stream of the messages table in memory, delivered to the consumer by the project's own poller, badly."""

import contextlib
import functools
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import boto3
import pytest

from dev.application import in_process
from dev.application.in_process import lambda_context
from dev.local_aws.event_sources.checkpoints import Checkpoints
from dev.local_aws.event_sources.deployed_mappings import DeployedMapping
from dev.local_aws.event_sources.failure import Record
from dev.local_aws.event_sources.shards import Stream
from dev.local_aws.event_sources.worker import StopSignal, Worker
from dev.local_aws.invocation import Outcome
from messages import on_message
from tests.template_facts import properties
from tests.unit.messages.conftest import Write, next_transaction
from tests.unit.sdk import rejection

type Fault = Literal["twice", "reversed", "raises", "answer lost", "throttled", "two at once"]
FAULTS: tuple[Fault, ...] = ("two at once", "two at once", "twice", "reversed", "raises", "answer lost", "throttled")
MOST_FAULTS = 4
"""In one delivery, so that no record uses up its retries."""


@functools.cache
def streams() -> Any:
    """Return a client of streams; making one takes longer than an example."""
    return boto3.client("dynamodbstreams")


class Patient(StopSignal):
    """Waits in no time."""

    def pause(self, seconds: float) -> None:
        pass


@dataclass
class Deliveries:
    """What the consumer has got, and how far the stream is delivered."""

    checkpoints: Path
    delivered: list[Record] = field(default_factory=list)
    _faults: list[Fault] = field(default_factory=list)

    def deliver(self, faults: list[Fault]) -> Iterator[None]:
        """Deliver what is in the stream, each invocation with a fault while there are any. Yield in between."""
        self._faults = faults.copy()
        worker = self._worker()
        while worker.poll():
            yield

    def _worker(self) -> Worker:
        """A poller that goes on where the last one was: a transaction that fails in memory cuts its iterators off."""
        arn = in_process.client("dynamodb").describe_table(TableName="MessagesTable")["Table"]["LatestStreamArn"]
        return Worker(
            DeployedMapping("OnMessageMapping", "uuid", properties("OnMessageMapping"), arn, "arn:function", "bucket"),
            Stream(streams(), arn),
            self._consume,
            store_failure=lambda record: pytest.fail(f"given up: {record}"),
            checkpoints=Checkpoints(self.checkpoints),
            stop_signal=Patient(),
        )

    def _consume(self, event: dict[str, Any]) -> Outcome:
        """The function as the poller invokes it, with the next fault if there is one left."""
        fault, records = self._faults.pop() if self._faults else None, event["Records"]
        self.delivered += records
        if fault == "raises":
            return Outcome(None, "Error", "")
        if fault == "two at once":
            failed = _two_at_once(records[::2], records[1::2])
        else:
            again = {"twice": records * 2, "reversed": records[::-1]}.get(fault or "", records)
            with next_transaction(_reject) if fault == "throttled" else contextlib.nullcontext():
                failed = handle(again)
        return Outcome(None, "Task timed out", "") if fault == "answer lost" else Outcome(failed, None, "")


def handle(records: list[Record]) -> Any:
    """Return what the consumer answers to some records."""
    return on_message.handler({"Records": records}, lambda_context())


def _two_at_once(one: list[Record], other: list[Record]) -> Any:
    """Handle some records while others are, between the look at their message group and its transaction."""
    failed = []

    def let_the_other_in(write: Write, request: dict[str, Any]) -> Any:
        failed.extend(handle(other)["batchItemFailures"])
        other.clear()
        return write(**request)

    with next_transaction(let_the_other_in):
        failed.extend(handle(one)["batchItemFailures"])
    return {"batchItemFailures": [*failed, *handle(other)["batchItemFailures"]]}


def _reject(_write: Write, _request: dict[str, Any]) -> Any:
    raise rejection("ThrottlingException")
