"""Polls the stream of one mapping and delivers its records."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from dev.local_aws.event_sources.batches import Deliverer, Effects
from dev.local_aws.event_sources.checkpoints import Checkpoints
from dev.local_aws.event_sources.deployed_mappings import DeployedMapping
from dev.local_aws.event_sources.failure import Record, Source
from dev.local_aws.event_sources.service import UNDELIVERED
from dev.local_aws.event_sources.shards import Stream
from dev.local_aws.invocation import Outcome

POLL_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 2.0
DRAIN_SECONDS = 60.0
"""Time limit for delivering the remaining records after a stop signal. The emulator loses streams when it stops."""

log = logging.getLogger(__name__)


class Stopped(Exception):  # noqa: N818 - no error
    """The process must end. The remaining records are delivered again later."""


@dataclass
class StopSignal:
    """The stop signal of all workers."""

    _requested: threading.Event = field(default_factory=threading.Event)
    _deadline: float = 0

    def request_stop(self) -> None:
        self._deadline = time.monotonic() + DRAIN_SECONDS
        self._requested.set()

    def is_requested(self) -> bool:
        return self._requested.is_set()

    def wait(self, seconds: float) -> None:
        """Wait, but at most until the stop signal."""
        self._requested.wait(seconds)

    def pause(self, seconds: float) -> None:
        """Wait between retries, only briefly after the stop signal. Raises Stopped as `check` does."""
        if self._requested.wait(seconds):
            time.sleep(min(seconds, POLL_SECONDS))
        self.check()

    def check(self) -> None:
        """Raise Stopped after the time limit for the remaining records."""
        if self.is_requested() and time.monotonic() > self._deadline:
            raise Stopped


@dataclass
class _Shard:
    iterator: str
    deliverer: Deliverer
    gathered: list[Record] = field(default_factory=list)
    """Read, but not delivered while the batching window is open."""
    since: float = 0


@dataclass
class Worker:
    """One mapping: its shards one after the other, parents before children."""

    planned: DeployedMapping
    stream: Stream
    invoke: Callable[[dict[str, Any]], Outcome]
    store_failure: Callable[[dict[str, Any]], object]
    checkpoints: Checkpoints
    stop_signal: StopSignal
    clock: Callable[[], float] = time.time
    """Seconds since 1970, for the age of records."""
    _open: dict[str, _Shard] = field(default_factory=dict)
    _ended: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.mapping = self.planned.mapping

    def run(self) -> bool:
        """Poll until the stop signal. After an error, continue from the checkpoint.

        Return whether records were delivered after the signal. Their consumer may have written to another stream.
        """
        failures, delivered = 0, False
        while True:
            last = self.stop_signal.is_requested()
            try:
                busy = self.poll()
                failures = 0
            except Stopped:
                break
            except Exception as error:
                if failures == 0:  # once, not at every attempt
                    self._log(error)
                failures += 1
                busy = False
                self._open.clear()
            if last and not busy:
                if failures == 0:
                    return delivered
                break
            delivered |= busy and self.stop_signal.is_requested()
            if not busy:
                self.stop_signal.wait(min(LONGEST_PAUSE_SECONDS, POLL_SECONDS * 2.0 ** min(failures, 10)))
        log.warning(f"%s: the newest records of its stream are {UNDELIVERED}", self.planned.logical_id)
        return False

    def poll(self) -> bool:
        """Read every open shard once and deliver its records. Return whether there were any."""
        if not self._open:
            self._open_shards()
        busy = [self._poll_shard(shard_id, shard) for shard_id, shard in list(self._open.items())]
        return any(busy)

    def _poll_shard(self, shard_id: str, shard: _Shard) -> bool:
        page = self.stream.read(shard.iterator)
        if page.records and not shard.gathered:
            shard.since = time.monotonic()
        shard.gathered += page.records
        if shard.gathered and (page.next_iterator is None or self._is_due(shard)):
            shard.deliverer.deliver(shard.gathered)
            shard.gathered = []
        if page.next_iterator is None:
            self._ended.add(shard_id)
            self._open.clear()  # its children can be opened now
        else:
            shard.iterator = page.next_iterator
        return bool(page.records)

    def _is_due(self, shard: _Shard) -> bool:
        waited = time.monotonic() - shard.since
        return (
            waited >= self.mapping.window_seconds
            or self.stop_signal.is_requested()
            or sum(map(shard.deliverer.wants, shard.gathered)) >= self.mapping.batch_size
        )

    def _open_shards(self) -> None:
        for shard_id, parent in self.stream.shards().items():
            if shard_id not in self._ended and (parent is None or parent in self._ended):
                self._open[shard_id] = _Shard(self.stream.start(shard_id, self._position(shard_id)), self._to(shard_id))

    def _position(self, shard_id: str) -> str:
        """Return the number to continue after. LATEST is resolved when a mapping first sees a shard without parent."""
        known = self.checkpoints.get(self._key, shard_id)
        if known is None and self.mapping.starting_position == "LATEST" and not self._ended:
            known = self.stream.newest(shard_id)
            self.checkpoints.save(self._key, shard_id, known)
        return known or ""

    def _to(self, shard_id: str) -> Deliverer:
        def save(number: str) -> None:
            self.checkpoints.save(self._key, shard_id, number)
            self.stop_signal.check()

        effects = Effects(self.invoke, self.store_failure, save, self.clock, self.stop_signal.pause)
        return Deliverer(self.mapping, Source(self.stream.arn, shard_id, self.planned.function_arn), effects)

    @property
    def _key(self) -> str:
        """Include the stream, because a replaced table has a new stream with unrelated numbers."""
        return f"{self.planned.logical_id} {self.stream.arn}"

    def _log(self, error: Exception) -> None:
        expected = isinstance(error, BotoCoreError | ClientError)
        log.warning("%s: %s; trying again", self.planned.logical_id, error, exc_info=not expected)
