"""Log lines of functions, from the emulated CloudWatch Logs."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from dev.errors import DevError
from dev.local_aws.stack import LocalStack
from dev.local_aws.template import find_function, load_yaml

FIELDS_OF_POWERTOOLS = {
    *("level", "location", "message", "timestamp", "service", "cold_start", "correlation_id", "xray_trace_id"),
    *("function_name", "function_memory_size", "function_arn", "function_request_id", "exception", "exception_name"),
}
"""Fields of a log line that the logger adds by itself."""
POLL_SECONDS = 1.0
LATE_MILLISECONDS = 10_000
"""How much later than its timestamp an entry may appear."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of a log stream; `timestamp` in milliseconds since 1970."""

    timestamp: int
    function: str
    stream: str
    message: str

    @property
    def fields(self) -> dict[str, Any]:
        """The structured fields, empty for platform lines and metrics."""
        return structured_fields(self.message)


def read(stack: LocalStack, functions: Sequence[str], since: int = 0) -> list[Entry]:
    """Return the log of some functions or of all since a time in milliseconds, oldest first.

    Raises DevError for an unknown function.
    """
    return _entries(stack, _chosen_groups(stack, functions), since)


def follow(stack: LocalStack, functions: Sequence[str], since: int) -> Iterator[list[Entry]]:
    """Yield the log since a time in milliseconds, then new entries each second, without end."""
    groups = _chosen_groups(stack, functions)
    known: set[Entry] = set()  # the emulator gives log events no id
    while True:
        entries = _entries(stack, groups, since)
        yield [entry for entry in entries if entry not in known]
        if entries:
            since = max(since, entries[-1].timestamp - LATE_MILLISECONDS)
        known = set(entries)
        time.sleep(POLL_SECONDS)


def _entries(stack: LocalStack, groups: Mapping[str, str], since: int) -> list[Entry]:
    """Return the entries of `groups`, log groups by function, oldest first."""
    paginator = stack.client("logs").get_paginator("filter_log_events")
    entries = [
        Entry(event["timestamp"], function, event["logStreamName"], event["message"])
        for function, group in groups.items()
        for page in paginator.paginate(logGroupName=group, startTime=since)
        for event in page["events"]
    ]
    return sorted(entries, key=lambda entry: entry.timestamp)


def _chosen_groups(stack: LocalStack, functions: Sequence[str]) -> dict[str, str]:
    groups, template = log_groups(stack.resources()), load_yaml(stack.project.template)
    names = [find_function(template, function).logical_id for function in functions]
    if missing := [name for name in names if name not in groups]:
        raise DevError(f"{missing[0]} is not deployed. Deploy it with: dev up")
    return {name: groups[name] for name in names or groups}


def log_groups(physical: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Return log group by function, of a stack's resources. By convention XFunction logs to XLogGroup."""
    groups = physical.get("AWS::Logs::LogGroup", {})
    return {name.removesuffix("LogGroup") + "Function": group for name, group in groups.items()}


def structured_fields(line: str) -> dict[str, Any]:
    """Return the fields of a log line, empty for platform lines and metrics. A prefix before the JSON is skipped."""
    fields = json_fields(line)
    return fields if "message" in fields else {}


def json_fields(line: str) -> dict[str, Any]:
    """Return the JSON object in a log line, of whatever kind; empty if there is none."""
    _, brace, rest = line.partition("{")
    try:
        fields = json.loads(brace + rest, parse_float=Decimal)
    except ValueError:
        return {}
    return fields if isinstance(fields, dict) else {}
