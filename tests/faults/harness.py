"""Delivers events with faults, repeats them as their source does, and compares the results with those without faults.

Without faults, each delivery of an event has an answer and leaves a state. With faults, a delivery that fails has taken
effect once or not at all, and one that succeeds has the answer and the state of one without faults. Anything else is a
violation. docs/repeats.md lists the functions that may do more.
"""

import importlib
import itertools
import json
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from dev.local_aws.invocation import Outcome
from dev.paths import ROOT
from dev.replay.cases import Case, sha256, with_versions
from dev.replay.targets import Target
from tests.faults import memory, rules
from tests.faults.injection import ANSWERS, EVERY, Faults, ProcessGone, calls

DELIVERIES = 3
"""At most two with faults, and one without."""

_ROWS = re.findall(
    r"^\| (again|in steps) \| (\w+Function) \|", (ROOT / "docs" / "repeats.md").read_text(), re.MULTILINE
)
AGAIN = {function for effect, function in _ROWS if effect == "again"}
"""Functions on which a repeated event may take effect again."""
IN_STEPS = {function for effect, function in _ROWS if effect == "in steps"}
"""Functions that leave some of their writes when they fail."""

_MODULES = [importlib.import_module(f"{rules.__name__}.{each.name}") for each in pkgutil.iter_modules(rules.__path__)]

_TOTALS = [f'"{name}"' for module in _MODULES for name in getattr(module, "TOTALS", ())]

_RANDOM = re.compile(r"\b(?:[0-9a-f]{64}|[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{12})\b")
_OPAQUE = re.compile(r'\?X-Amz-[^"]*|[A-Za-z0-9+/=_-]{40,}|\d{8}T\d{6}Z|/\d{8}/')
"""Signatures, tokens and form policies, with their times."""

type Plan = tuple[Faults, ...]
"""The faults of each delivery."""


@dataclass
class History:
    """Deliveries of an event without faults: the calls of the first one, the answers, and the states in between."""

    event: Mapping[str, Any]
    given: bytes
    calls: list[str]
    answers: list[str]
    states: list[str]


@dataclass
class Harness:
    """Runs cases in a target that is in this process."""

    target: Target
    _histories: dict[str, History] = field(default_factory=dict)
    _empty: bytes = field(default_factory=memory.copied)

    def history(self, case: Case) -> History:
        """Deliver an event without faults, again and again."""
        if str(case) not in self._histories:
            self._histories[str(case)] = self._history(case)
        return self._histories[str(case)]

    def _history(self, case: Case) -> History:
        memory.restore(self._empty)
        for kind in self.target.kinds:
            kind.put(case.expect)
        history = History(
            with_versions(case.event, self.target.buckets.version), memory.copied(), [], [], [_state(case)]
        )
        for _ in range(DELIVERIES):
            outcome, made = self._deliver(case, history.event, {})
            history.answers.append(_answer(outcome))
            history.states.append(_state(case))
            history.calls = history.calls or made
            if not history.calls:
                break
        return history

    def violation(self, case: Case, plan: Plan) -> str | None:
        """Deliver an event until it succeeds. Return what is wrong, in words."""
        function, history = self.target.functions[case.function].logical_id, self.history(case)
        memory.restore(history.given)
        before = set(_inconsistencies())
        event, effects = history.event, {0}
        for faults in itertools.islice(itertools.chain(plan, itertools.repeat({})), DELIVERIES):
            outcome, _ = self._deliver(case, event, faults)
            state, answer, failed = _state(case), _answer(outcome), _has_failed(outcome, history)
            if problem := _malformed(outcome):
                return problem
            if new := sorted(set(_inconsistencies()) - before):
                return "\n".join(new)
            possible = {after for effect in effects for after in range(effect + (not failed), effect + 2)}
            effects = {
                after
                for after in possible
                if (failed or _same_answer(answer, history.answers[after - 1]))
                and (_same_state(state, history.states[after], function) or (failed and function in IN_STEPS))
            }
            if not effects:
                return _difference(answer, state, [history.states[after] for after in sorted(possible)])
            if not failed:
                break
            event = _redelivered(event, outcome)
        else:
            return f"it still fails without faults: {answer}"
        if function not in AGAIN and state != history.states[1]:
            return _difference(answer, state, history.states[1:2])
        return None

    def _deliver(self, case: Case, event: Mapping[str, Any], faults: Faults) -> tuple[Outcome | None, list[str]]:
        """Return the outcome, None if the process ended, and the calls."""
        with calls(faults) as made:
            try:
                return self.target.invoke(self.target.functions[case.function], dict(event)), made.made
            except ProcessGone:
                return None, made.made


def _state(case: Case) -> str:
    """Return every item as a line of text. An id that is not of the case is named for the lines that contain it."""
    known = json.dumps([case.event, case.expect], default=str)
    lines = [_text(item) for item in memory.items()]
    contexts: dict[str, list[str]] = {}
    for line in lines:
        for unknown in {each for each in _RANDOM.findall(line) if each not in known}:
            contexts.setdefault(unknown, []).append(_RANDOM.sub("<id>", line.replace(unknown, "<this>")))
    names = {unknown: f"<{sha256('\n'.join(sorted(each)))[:8]}>" for unknown, each in contexts.items()}
    return "\n".join(sorted(_RANDOM.sub(lambda found: names.get(found[0], found[0]), line) for line in lines))


def _same_state(state: str, expected: str, function: str) -> bool:
    """Compare states. What failed in steps, and takes effect again, leaves its first steps behind."""
    if function not in IN_STEPS & AGAIN:
        return state == expected
    kept, wanted = (Counter(re.sub(r"<\w+>", "<id>", each).splitlines()) for each in (state, expected))
    return Counter({line: count for line, count in wanted.items() if not any(map(line.__contains__, _TOTALS))}) <= kept


def _difference(answer: str, state: str, possible: list[str]) -> str:
    lines = [f"answers {answer}"]
    for expected in possible:
        found, wanted = state.splitlines(), expected.splitlines()
        lines += ["and leaves", *(f"+ {each}" for each in found if each not in wanted)]
        lines += [f"- {each}" for each in wanted if each not in found]
    return "\n  ".join(lines)


def _inconsistencies() -> Iterator[str]:
    """Yield the items that do not agree with each other, by the rules of each feature."""
    for module in _MODULES:
        yield from module.inconsistencies(list(memory.items()))


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=lambda each: sorted(each) if isinstance(each, set) else str(each))


def _answer(outcome: Outcome | None) -> str:
    if outcome is None:
        return "none"
    if outcome.error is not None:
        return f"error {outcome.error}"
    return _RANDOM.sub("<id>", _OPAQUE.sub("<opaque>", _text(outcome.result)))


def _status(outcome: Outcome | None) -> int | None:
    return outcome.result.get("statusCode") if outcome is not None and isinstance(outcome.result, dict) else None


def _failures(answer: str) -> set[str]:
    """Return the records that a stream consumer reports."""
    return set(re.findall(r'"itemIdentifier": "(\w+)"', answer))


def _has_failed(outcome: Outcome | None, history: History) -> bool:
    """Return whether the source repeats the event: a client after 429, 5xx or Retry-After, a stream what it reports."""
    if outcome is None or outcome.error is not None:
        return True
    status = _status(outcome)
    if status is None:
        return bool(_failures(_answer(outcome)) - _failures(history.answers[0]))
    return status == 429 or status >= 500 or "Retry-After" in outcome.result["headers"]


def _same_answer(answer: str, expected: str) -> bool:
    """Compare answers. A stream consumer answers for the records that are left."""
    return answer == expected or "batchItemFailures" in answer


def _malformed(outcome: Outcome | None) -> str | None:
    """Return an error that a client gets otherwise than the contract promises."""
    status = _status(outcome)
    if outcome is None or status is None or status < 400:
        return None
    headers, problem = outcome.result["headers"], json.loads(outcome.result["body"])
    is_problem = headers["Content-Type"] == "application/problem+json" and problem["status"] == status
    if is_problem and (status != 429 or "Retry-After" in headers):
        return None
    return f"answers {outcome.result}"


def _redelivered(event: Mapping[str, Any], outcome: Outcome | None) -> Mapping[str, Any]:
    """Return what the source delivers next. A stream begins with the first record that failed."""
    failed = _failures(_answer(outcome))
    records = event.get("Records", [])
    first = next((at for at, record in enumerate(records) if _sequence_number(record) in failed), None)
    return event if first is None else {**event, "Records": records[first:]}


def _sequence_number(record: Mapping[str, Any]) -> str | None:
    return str(record["dynamodb"]["SequenceNumber"]) if "dynamodb" in record else None


_REPEATED_BY_SDK = (
    "throttled",
    "throughput exceeded",
    "limit exceeded",
    "failed",
    "unavailable",
    "rejected",
    "lost",
    "cut off",
)


def single_faults(made: list[str]) -> Iterator[Plan]:
    """Yield each fault of each call: of one attempt, which the SDK repeats, or of all."""
    for call, operation in enumerate(made):
        for fault in _REPEATED_BY_SDK:
            if operation.startswith("dynamodb") or fault not in ANSWERS or ANSWERS[fault][1]:
                yield ({(call, 0): fault},)
                yield ({(call, EVERY): fault},)
        for fault in ("denied", "gone before", "gone after"):
            yield ({(call, 0): fault},)
        if operation.endswith("TransactWriteItems"):
            yield ({(call, 0): "in conflict"},)


def double_faults(made: list[str]) -> Iterator[Plan]:
    """Yield pairs of faults: of a call and its repeat by the SDK, of two calls, and of two deliveries."""
    for call, _ in enumerate(made):
        for first, second in (("lost", "lost"), ("lost", "throttled"), ("lost", "gone after"), ("failed", "lost")):
            yield ({(call, 0): first, (call, 1): second},)
        for first, second in (("gone after", "gone after"), ("lost", "failed"), ("throttled", "lost")):
            yield ({(call, EVERY): first}, {(call, EVERY): second})
    for one, other in itertools.combinations(range(len(made)), 2):
        for fault in ("lost", "failed", "gone after"):
            yield ({(one, 0): "lost", (other, EVERY): fault},)
