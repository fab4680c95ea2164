"""The failed records that a function reports for its batch.

https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html#streams-batchfailurereporting-conditions
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dev.local_aws.event_sources.failure import Record
from dev.local_aws.invocation import Outcome


@dataclass(frozen=True, slots=True)
class Progress:
    """The number of handled records from the start of the batch, and whether the function reported the failed one."""

    handled: int
    named: bool = False


def progress(outcome: Outcome, records: Sequence[Record], *, reports_failures: bool) -> Progress:
    """Return the progress of an invocation. Errors, timeouts and invalid answers are no progress."""
    if outcome.error is not None:
        return Progress(0)
    if not reports_failures or outcome.result is None or outcome.result == []:
        return Progress(len(records))
    if not isinstance(outcome.result, dict):
        return Progress(0)
    failures = outcome.result.get("batchItemFailures")
    if failures is None or failures == []:
        return Progress(len(records))
    return _lowest(failures, [record["dynamodb"]["SequenceNumber"] for record in records])


def _lowest(failures: Any, numbers: list[str]) -> Progress:
    """Return the position of the first failed record. A number outside of the batch fails the whole batch."""
    failed = [_identifier(failure) for failure in failures] if isinstance(failures, list) else [None]
    if not set(failed) <= set(numbers):
        return Progress(0)
    lowest = min((number for number in numbers if number in failed), key=int)
    return Progress(numbers.index(lowest), named=True)


def _identifier(failure: Any) -> str | None:
    identifier = failure.get("itemIdentifier") if isinstance(failure, dict) else None
    return identifier if isinstance(identifier, str) else None
