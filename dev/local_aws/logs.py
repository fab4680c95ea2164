"""Log lines of functions, from the emulated CloudWatch Logs."""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from dev.local_aws.stack import LocalStack
from dev.local_aws.template import find_function, load_yaml

POLL_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of a function's log group; `timestamp` in milliseconds since 1970."""

    timestamp: int
    function: str
    message: str

    @property
    def fields(self) -> dict[str, Any]:
        """The structured fields, empty for platform lines and metrics."""
        return structured_fields(self.message)

    def format(self) -> str:
        """Return the entry as one readable line."""
        clock = datetime.fromtimestamp(self.timestamp / 1000, UTC).strftime("%H:%M:%S")
        return f"{clock} {self.function} {self.message.rstrip()}"


def function_log(stack: LocalStack, function: str, since: int = 0) -> list[Entry]:
    """Return the log of one function (logical id) since a time in milliseconds, oldest first."""
    return _entries(stack, {function: _log_groups(stack)[function]}, since)


def read(stack: LocalStack, function: str | None) -> list[Entry]:
    """Return the log entries of one function or of all. Raises DevError for an unknown function."""
    return _entries(stack, _chosen_groups(stack, function), 0)


def follow(stack: LocalStack, function: str | None) -> Iterator[Entry]:
    """Yield new log entries, without end."""
    groups = _chosen_groups(stack, function)
    since = int(time.time() * 1000)
    seen: set[Entry] = set()  # the emulator gives log events no id
    while True:
        for entry in _entries(stack, groups, since):
            if entry not in seen:
                seen.add(entry)
                yield entry
        time.sleep(POLL_SECONDS)


def _entries(stack: LocalStack, groups: Mapping[str, str], since: int) -> list[Entry]:
    """Return the entries of `groups`, log groups by function, oldest first."""
    paginator = stack.client("logs").get_paginator("filter_log_events")
    entries = [
        Entry(event["timestamp"], function, event["message"])
        for function, group in groups.items()
        for page in paginator.paginate(logGroupName=group, startTime=since)
        for event in page["events"]
    ]
    return sorted(entries, key=lambda entry: entry.timestamp)


def _chosen_groups(stack: LocalStack, function: str | None) -> dict[str, str]:
    groups = _log_groups(stack)
    if function is None:
        return groups
    name = find_function(load_yaml(stack.project.template), function).logical_id
    return {name: groups[name]}


def _log_groups(stack: LocalStack) -> dict[str, str]:
    """Return log group by function. By convention CreateNoteFunction logs to CreateNoteLogGroup."""
    groups = stack.resources().get("AWS::Logs::LogGroup", {})
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
