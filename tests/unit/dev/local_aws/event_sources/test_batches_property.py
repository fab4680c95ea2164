"""No good record is lost, and a poison record is isolated, for every behaviour of a consumer.

Records of one key are delivered in their order. A consumer that goes on behind a record that failed, as that of
Powertools does, handles later ones of its key first.
"""

import contextlib
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from dev.local_aws.event_sources.failure import Record
from dev.local_aws.event_sources.mapping import StreamMapping
from tests.unit.dev.local_aws.event_sources.fake_effects import FakeEffects, numbers, report
from tests.unit.dev.local_aws.event_sources.stream_records import mapping, record

RETRIES = 3

type Fault = Literal["raise", "half", "answer lost", "report", "report and go on"]
FAULTS: tuple[Fault, ...] = ("raise", "half", "answer lost", "report", "report and go on")
REPORTS = {"report", "report and go on"}
IN_ORDER = {"raise", "half", "report"}
"""Faults of consumers that leave what follows a failed record alone."""


@dataclass
class FaultyConsumer:
    """Handles records in order until one fails; `faults` says how often each fails before it heals."""

    fault: Fault
    faults: dict[int, float]
    handled: list[int] = field(default_factory=list)

    def __call__(self, records: list[Record]) -> Any:
        failing = [number for number in numbers(records) if self.faults.get(number, 0) > 0]
        for number in failing:
            self.faults[number] -= 1
        if self.fault == "report and go on":
            self.handled += [number for number in numbers(records) if number not in failing]
            return report(*map(str, failing))
        if self.fault == "report":
            # A careful consumer: after a failure it leaves the later records of that key alone.
            self.handled += _before_failures_of_their_key(records, failing)
            return report(*map(str, failing))
        if not failing:
            self.handled += numbers(records)
            return None
        if self.fault == "half":
            self.handled += [number for number in numbers(records) if number < failing[0]]
        if self.fault == "answer lost":
            self.handled += [number for number in numbers(records) if number not in failing]
            raise TimeoutError
        raise ValueError


def _before_failures_of_their_key(records: list[Record], failing: list[int]) -> list[int]:
    spoilt: set[str] = set()
    handled = []
    for one in records:
        number, key = int(one["dynamodb"]["SequenceNumber"]), one["dynamodb"]["Keys"]["id"]["S"]
        if number in failing:
            spoilt.add(key)
        elif key not in spoilt:
            handled.append(number)
    return handled


def mapping_for(fault: Fault, batch_size: int, **more: Any) -> StreamMapping:
    """Return the settings of a mapping whose consumer fails in one way."""
    types = ["ReportBatchItemFailures"] if fault in REPORTS else []
    return mapping(BatchSize=batch_size, FunctionResponseTypes=types, MaximumRetryAttempts=RETRIES, **more)


@st.composite
def streams(draw: st.DrawFn) -> tuple[list[Record], dict[int, float]]:
    """Draw records of three keys, and how often some of them fail: for ever, or few enough times to heal."""
    keys = draw(st.lists(st.sampled_from("ABC"), max_size=40))
    records = [record(number, key) for number, key in enumerate(keys, 8)]
    often = st.one_of(st.just(float("inf")), st.integers(1, RETRIES))
    return records, draw(st.dictionaries(st.sampled_from(numbers(records)), often, max_size=6)) if records else {}


@settings(max_examples=200, deadline=None)
@given(fault=st.sampled_from(FAULTS), stream=streams(), batch_size=st.integers(1, 12))
def test_poison_is_isolated_and_nothing_else_is_lost(
    fault: Fault, stream: tuple[list[Record], dict[int, float]], batch_size: int
) -> None:
    records, faults = stream
    poison = sorted(number for number, times in faults.items() if times == float("inf"))
    effects = FakeEffects(consumer := FaultyConsumer(fault, dict(faults)))

    effects.deliver(
        mapping_for(fault, batch_size, BisectBatchOnFunctionError=True),
        records,
    )

    assert set(consumer.handled) == set(numbers(records)) - set(poison)
    assert [(condition, first, last) for condition, first, last, _ in effects.given_up()] == [
        ("RetryAttemptsExhausted", str(number), str(number)) for number in poison
    ]
    assert fault not in IN_ORDER or _first_handled_in_order(records, consumer.handled)
    # Every batch once, every cut twice at most, and for each record that fails its retries.
    assert len(effects.invoked) <= 3 * len(records) + RETRIES * len(faults)
    assert all(count >= RETRIES + 1 for _, _, _, count in effects.given_up())
    assert effects.saved == sorted(effects.saved, key=int)
    assert effects.saved[-1:] == [str(number) for number in numbers(records)[-1:]]


@settings(deadline=None)
@given(fault=st.sampled_from(["raise", "report"]), stream=streams(), batch_size=st.integers(1, 12))
def test_without_bisection_every_record_is_handled_or_reported(
    fault: Fault, stream: tuple[list[Record], dict[int, float]], batch_size: int
) -> None:
    records, faults = stream
    effects = FakeEffects(consumer := FaultyConsumer(fault, dict(faults)))

    effects.deliver(
        mapping_for(fault, batch_size),
        records,
    )

    reported = {number for _, first, last, _ in effects.given_up() for number in range(int(first), int(last) + 1)}
    assert set(numbers(records)) <= set(consumer.handled) | reported
    assert len(effects.invoked) <= (RETRIES + 1) * max(1, len(records))


class CrashError(Exception):
    """The poller dies."""


class CrashingWorld(FakeEffects):
    """Dies after so many checkpoints, with the last one on disk."""

    lives = 0

    def save(self, number: str) -> None:
        super().save(number)
        self.lives -= 1
        if self.lives == 0:
            raise CrashError


@settings(deadline=None)
@given(fault=st.sampled_from(FAULTS), stream=streams(), batch_size=st.integers(1, 12), lives=st.integers(1, 10))
def test_after_a_crash_the_rest_comes_again(
    fault: Fault, stream: tuple[list[Record], dict[int, float]], batch_size: int, lives: int
) -> None:
    records, faults = stream
    poison = {number for number, times in faults.items() if times == float("inf")}
    effects = CrashingWorld(consumer := FaultyConsumer(fault, dict(faults)))
    effects.lives = lives
    settings_of_mapping = mapping_for(fault, batch_size, BisectBatchOnFunctionError=True)

    with contextlib.suppress(CrashError):
        effects.deliver(settings_of_mapping, records)
    done = int(effects.saved[-1]) if effects.saved else 0
    effects.deliver(settings_of_mapping, [one for one in records if int(one["dynamodb"]["SequenceNumber"]) > done])

    assert set(consumer.handled) == set(numbers(records)) - poison
    assert {int(first) for _, first, last, _ in effects.given_up() if first == last} == poison


def _first_handled_in_order(records: list[Record], handled: list[int]) -> bool:
    by_key = defaultdict(list)
    for one in records:
        number = int(one["dynamodb"]["SequenceNumber"])
        if number in handled:
            by_key[one["dynamodb"]["Keys"]["id"]["S"]].append(handled.index(number))
    return all(places == sorted(places) for places in by_key.values())
