"""What a function's answer says about the records of its batch.

https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html#streams-batchfailurereporting-conditions
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dev.local_aws.event_sources.failure import Record
from dev.local_aws.invocation import Outcome


@dataclass(frozen=True, slots=True)
class Progress:
    """How many records, from the first, are handled; and whether the function named the one that failed."""

    handled: int
    named: bool = False


def progress(outcome: Outcome, records: Sequence[Record], *, reports_failures: bool) -> Progress:
    """Return how far an invocation got. An error, a time-out and an answer that makes no sense are no progress."""
    if outcome.error is not None:
        return Progress(0)
    if not reports_failures or outcome.result is None:
        return Progress(len(records))
    if not isinstance(outcome.result, dict):
        return Progress(0)
    failures = outcome.result.get("batchItemFailures")
    if failures is None or failures == []:
        return Progress(len(records))
    return _lowest(failures, [record["dynamodb"]["SequenceNumber"] for record in records])


def _lowest(failures: Any, numbers: list[str]) -> Progress:
    """Return the place of the lowest number that failed. One that is not of the batch fails the whole batch."""
    failed = [_identifier(failure) for failure in failures] if isinstance(failures, list) else [None]
    named = {int(number) for number in failed if number in numbers}
    if not named or None in failed or not set(failed) <= set(numbers):
        return Progress(0)
    return Progress(next(index for index, number in enumerate(numbers) if int(number) == min(named)), named=True)


def _identifier(failure: Any) -> str | None:
    identifier = failure.get("itemIdentifier") if isinstance(failure, dict) else None
    return identifier if isinstance(identifier, str) else None
