"""A consumer, a failure bucket and a clock for the tests of dev.local_aws.event_sources: time passes only in pauses."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from dev.local_aws.event_sources.batches import Deliverer, Effects
from dev.local_aws.event_sources.failure import Record, Source
from dev.local_aws.event_sources.mapping import StreamMapping
from dev.local_aws.invocation import Outcome
from tests.unit.dev.local_aws.event_sources.stream_records import ARRIVED, STREAM_ARN, mapping, record

SOURCE = Source(STREAM_ARN, "shardId-1", "arn:aws:lambda:us-east-1:000000000000:function:on-order-change")

type Consumer = Callable[[list[Record]], Any]
"""Returns the function's result for some records, or raises what the function raises."""


class NotInvokedError(Exception):
    """The function could not be reached."""


@dataclass
class FakeEffects:
    """Remembers everything that the engine did, numbers of records in place of records."""

    consumer: Consumer
    now: float = ARRIVED
    invoked: list[list[int]] = field(default_factory=list)
    stored: list[dict[str, Any]] = field(default_factory=list)
    saved: list[str] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)
    bucket_failures: int = 0

    def deliver(self, mapping: StreamMapping, records: list[Record]) -> None:
        effects = Effects(self._invoke, self._store, self.save, lambda: self.now, self._pause)
        Deliverer(mapping, SOURCE, effects).deliver(records)

    def given_up(self) -> list[tuple[str, str, str, int]]:
        """Return condition, first and last number, and count of invocations of each invocation record."""
        return [
            (
                given_up["requestContext"]["condition"],
                given_up["DDBStreamBatchInfo"]["startSequenceNumber"],
                given_up["DDBStreamBatchInfo"]["endSequenceNumber"],
                given_up["requestContext"]["approximateInvokeCount"],
            )
            for given_up in self.stored
        ]

    def save(self, number: str) -> None:
        self.saved.append(number)

    def _invoke(self, event: dict[str, Any]) -> Outcome:
        records = event["Records"]
        try:
            result = self.consumer(records)
        except NotInvokedError:
            raise
        except Exception as error:
            self.invoked.append(numbers(records))
            return Outcome(None, type(error).__name__, "")
        self.invoked.append(numbers(records))
        return Outcome(result, None, "START RequestId: 7f3a Version: $LATEST\n")

    def _store(self, given_up: dict[str, Any]) -> None:
        if self.bucket_failures:
            self.bucket_failures -= 1
            raise ConnectionError("bucket is away")
        self.stored.append(given_up)

    def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


def numbers(records: list[Record]) -> list[int]:
    return [int(record["dynamodb"]["SequenceNumber"]) for record in records]


def report(*failed: Any) -> dict[str, Any]:
    """Return a partial batch response."""
    return {"batchItemFailures": [{"itemIdentifier": identifier} for identifier in failed]}


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


def run(consumer: Any, count: int = 4, **properties: Any) -> FakeEffects:
    effects = FakeEffects(consumer)
    effects.deliver(mapping(**properties), [record(number) for number in range(1, count + 1)])
    return effects
