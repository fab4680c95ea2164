"""Which outcomes of each function have an event file."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from dev.events.sources import Application, Route, Source, Stream
from dev.local_aws.event_sources.filter import verdict
from dev.replay.cases import Case

SUCCESS, PARTIAL_FAILURE, RAISE, FILTERED = "success", "partial failure", "raise", "filtered"


@dataclass(frozen=True, slots=True)
class Coverage:
    """The outcomes of one function: statuses of the contract, or ways in which a consumer ends. Some have no event."""

    function: str
    outcomes: dict[str, int]
    """Number of events by outcome."""

    @property
    def without_event(self) -> list[str]:
        return [outcome for outcome, events in self.outcomes.items() if not events]

    def to_json(self) -> dict[str, Any]:
        return {"function": self.function, "outcomes": self.outcomes, "without_event": self.without_event}


def coverage(application: Application, cases: Iterable[Case]) -> list[Coverage]:
    """Return the coverage of each function, in the order of the template."""
    all_cases = list(cases)
    found = []
    for name, function in application.functions.items():
        sources = application.sources(function)
        outcomes = Counter({outcome: 0 for source in sources for outcome in _possible(source)})
        for case in all_cases:
            if case.function == name:
                outcomes.update(_outcomes(case, sources))
        found.append(Coverage(name, dict(sorted(outcomes.items()))))
    return found


def _possible(source: Source) -> Iterable[str]:
    match source:
        case Route():
            return map(str, source.operation["responses"])
        case Stream():
            return [SUCCESS, PARTIAL_FAILURE, *([FILTERED] if source.patterns else [])]
    return [SUCCESS, RAISE]


def _outcomes(case: Case, sources: Sequence[Source]) -> Iterator[str]:
    expect = case.expect
    if "status" in expect:
        yield str(expect["status"])
    elif "raises" in expect:
        yield RAISE
    elif isinstance(expect["returns"], dict) and expect["returns"].get("batchItemFailures"):
        yield PARTIAL_FAILURE
    else:
        yield SUCCESS
    for stream in sources:
        if isinstance(stream, Stream) and any(
            not verdict(stream.patterns, record).delivered for record in case.event.get("Records", [])
        ):
            yield FILTERED
