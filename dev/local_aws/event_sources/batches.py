"""Delivers the records of one shard as Lambda does: batches, partial success, bisection, retries, failure destination.

https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
"""

import itertools
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dev.local_aws.event_sources.batch_response import progress
from dev.local_aws.event_sources.failure import Condition, Record, Source, arrival, invocation_record
from dev.local_aws.event_sources.filter import verdict
from dev.local_aws.event_sources.mapping import StreamMapping
from dev.local_aws.invocation import Outcome

FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 2.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Effects:
    """What delivery does outside this module."""

    invoke: Callable[[dict[str, Any]], Outcome]
    """Sends an event to the function. Raises if the function could not be invoked at all."""
    store_failure: Callable[[dict[str, Any]], object]
    """Stores an invocation record in the mapping's failure bucket. Raises if it could not."""
    save: Callable[[str], object]
    """Takes the sequence number up to which everything is handled, given up or filtered out."""
    clock: Callable[[], float]
    """Seconds since 1970."""
    pause: Callable[[float], object]
    """Waits some seconds. It may raise to stop: records without a checkpoint are delivered again."""


@dataclass(frozen=True, slots=True)
class _Batch:
    records: tuple[Record, ...]
    invocations: int = 0
    """How often the function got these records, alone or among others, since the last progress."""
    retries: int = 0
    blocked: int = 0
    """How often in a row the function could not be invoked."""
    last: Outcome | None = None

    def part(self, start: int, end: int | None = None) -> "_Batch":
        """Return some of the records as a new batch with all retries."""
        return replace(self, records=self.records[start:end], retries=0, blocked=0)


@dataclass(frozen=True, slots=True)
class Deliverer:
    """Delivers the records of one shard to one mapping's function."""

    mapping: StreamMapping
    source: Source
    effects: Effects

    def wants(self, record: Record) -> bool:
        """Return whether the mapping's filter delivers a record."""
        return verdict(self.mapping.patterns, record).delivered

    def deliver(self, records: Sequence[Record]) -> None:
        """Deliver records in order. Each one is handled, given up or filtered, and then saved."""
        for batch in itertools.batched(filter(self.wants, records), self.mapping.batch_size, strict=False):
            self._deliver_batch(_Batch(batch))
        if records:
            self._save(records[-1])

    def _deliver_batch(self, whole: _Batch) -> None:
        waiting = [whole]  # in reverse order
        while waiting:
            batch = waiting.pop()
            rest = self._attempt(batch)
            waiting.extend(reversed(rest))
            if done := len(batch.records) - sum(len(part.records) for part in rest):
                self._save(batch.records[done - 1])

    def _attempt(self, batch: _Batch) -> list[_Batch]:
        """Invoke the function once, or give up. Return the rest of the batch, in order."""
        if expired := self._count_expired(batch):
            self._give_up(batch.part(0, expired), "RecordAgeExceeded")
            return [replace(batch, records=rest)] if (rest := batch.records[expired:]) else []
        try:
            outcome = self.effects.invoke({"Records": list(batch.records)})
        except Exception as error:  # the function did not run
            log.warning("%s could not be invoked: %s", self.mapping.function, error)
            self.effects.pause(_pause_seconds(batch.blocked))
            return [replace(batch, blocked=batch.blocked + 1)]
        return self._after(replace(batch, invocations=batch.invocations + 1, blocked=0, last=outcome), outcome)

    def _after(self, batch: _Batch, outcome: Outcome) -> list[_Batch]:
        """Return the rest after an invocation: nothing, a part, two halves, or the same batch."""
        made = progress(outcome, batch.records, reports_failures=self.mapping.reports_failures)
        size = len(batch.records)
        if made.handled:
            rest = replace(batch.part(made.handled), invocations=0, last=None)
            return [rest] if rest.records else []
        log.warning("%s failed with %d record(s): %s", self.mapping.function, size, _complaint(outcome))
        if self.mapping.bisects and size > 1:
            # AWS cuts at the sequence number that the function returned. It does not document what that means
            # for the first record of a batch; here the record is set apart, so that it fails alone.
            cut = 1 if made.named else size // 2
            return [batch.part(0, cut), batch.part(cut)]
        if self.mapping.max_retries is not None and batch.retries >= self.mapping.max_retries:
            self._give_up(batch, "RetryAttemptsExhausted")
            return []
        self.effects.pause(_pause_seconds(batch.retries))
        return [replace(batch, retries=batch.retries + 1)]

    def _count_expired(self, batch: _Batch) -> int:
        oldest = self.effects.clock() - self.mapping.max_age_seconds
        return sum(1 for _ in itertools.takewhile(lambda record: arrival(record) < oldest, batch.records))

    def _give_up(self, batch: _Batch, condition: Condition) -> None:
        """Store the invocation record, and repeat until that succeeds. The stream records are skipped only then."""
        log.error("%s: gave up %d record(s), %s", self.mapping.logical_id, len(batch.records), condition)
        if self.mapping.failure_bucket is None:
            return
        record = invocation_record(
            self.source, batch.records, condition, batch.invocations, batch.last, self.effects.clock()
        )
        for attempt in itertools.count():
            try:
                self.effects.store_failure(record)
                return
            except Exception as error:  # the record was not stored
                log.warning("%s did not take an invocation record: %s", self.mapping.failure_bucket, error)
            self.effects.pause(_pause_seconds(attempt))

    def _save(self, record: Record) -> None:
        self.effects.save(record["dynamodb"]["SequenceNumber"])


def _pause_seconds(failures: int) -> float:
    """Return the pause after a number of consecutive failures. AWS waits longer, up to minutes."""
    return min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2.0 ** min(failures, 10))


def _complaint(outcome: Outcome) -> str:
    return outcome.error or f"it answered {outcome.result}"
