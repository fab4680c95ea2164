"""What the functions logged, from the emulated CloudWatch Logs."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from dev.stack import Stack
from dev.template import find_function, functions, load_template

POLL_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of a function's log group; `timestamp` in milliseconds since 1970."""

    timestamp: int
    function: str
    message: str

    @property
    def fields(self) -> dict[str, Any]:
        """The structured fields, empty for the platform's own lines and for metrics."""
        try:
            fields = json.loads(self.message)
        except ValueError:
            return {}
        return fields if isinstance(fields, dict) and "message" in fields else {}

    def format(self) -> str:
        """Return the entry as one line for people."""
        clock = datetime.fromtimestamp(self.timestamp / 1000, UTC).strftime("%H:%M:%S")
        return f"{clock} {self.function} {self.message.rstrip()}"


def function_log(stack: Stack, function: str, since: int = 0) -> list[Entry]:
    """Return what one function (logical id) logged since a time in milliseconds, oldest first."""
    group = _log_groups(stack)[function]
    pages = stack.client("logs").get_paginator("filter_log_events").paginate(logGroupName=group, startTime=since)
    return [Entry(event["timestamp"], function, event["message"]) for page in pages for event in page["events"]]


def read(stack: Stack, function: str | None) -> list[Entry]:
    """Return what one function, or every one, has logged. Raises DevError for an unknown function."""
    entries = [entry for name in _chosen(function) for entry in function_log(stack, name)]
    return sorted(entries, key=lambda entry: entry.timestamp)


def follow(stack: Stack, function: str | None) -> Iterator[Entry]:
    """Yield what is logged from now on, for ever."""
    since = int(time.time() * 1000)
    seen: set[Entry] = set()  # the emulator gives log events no id
    while True:
        fresh = [entry for name in _chosen(function) for entry in function_log(stack, name, since)]
        for entry in sorted(fresh, key=lambda entry: entry.timestamp):
            if entry not in seen:
                seen.add(entry)
                yield entry
        time.sleep(POLL_SECONDS)


def _chosen(function: str | None) -> list[str]:
    return list(functions(load_template())) if function is None else [find_function(function).logical_id]


def _log_groups(stack: Stack) -> dict[str, str]:
    """Return log group by function: CreateProductFunction logs to CreateProductLogGroup."""
    groups = stack.resources().get("AWS::Logs::LogGroup", {})
    return {name.removesuffix("LogGroup") + "Function": group for name, group in groups.items()}
