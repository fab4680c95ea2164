"""What functions logged, without platform lines and metrics."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from dev.local_aws.logs import Entry

type Line = dict[str, Any]
"""All fields of one log line. Always there: `timestamp`, `function` (logical id), `level` and `message`."""

_PLATFORM = re.compile(r"(?:START|END|REPORT) RequestId: ")
_DURATION = re.compile(r"REPORT .*?\tDuration: ([0-9.]+) ms")
_METRICS = '{"_aws"'
_TRACEBACK = "Traceback (most recent call last):"


def log_lines(entries: Iterable[Entry]) -> list[Line]:
    """Return the lines, in the order of `entries`. The last one of each invocation has `duration_ms`."""
    lines: list[Line] = []
    last: dict[str, Line] = {}
    for entry in entries:
        message = entry.message.rstrip()
        previous = last.get(entry.stream)
        if _PLATFORM.match(message):
            if message.startswith("START"):
                last.pop(entry.stream, None)
            elif previous and (duration := _DURATION.match(message)):
                previous["duration_ms"] = float(duration[1])
        elif previous and not entry.fields and _is_continued(previous) and not message.startswith(_METRICS):
            previous["exception"] += f"\n{message}"
            previous["message"] = message.strip() or previous["message"]
        elif not message.startswith(_METRICS):
            last[entry.stream] = _line(entry, message)
            lines.append(last[entry.stream])
    return lines


def _line(entry: Entry, message: str) -> Line:
    time = datetime.fromtimestamp(entry.timestamp / 1000, UTC).isoformat(timespec="milliseconds")
    line = {"timestamp": time, "function": entry.function, "level": "INFO", "message": message, **entry.fields}
    if message == _TRACEBACK:
        line |= {"level": "ERROR", "exception": message}
    return line


def _is_continued(line: Line) -> bool:
    """Return whether a line is a traceback that Python printed, each line of which is an entry."""
    return "exception" in line and "location" not in line
