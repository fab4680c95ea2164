"""`dev logs`: what functions logged, one line per event."""

import json
import logging
import re
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from dev.options import Since
from dev.paths import FUNCTIONS

if TYPE_CHECKING:
    from rich.text import Text

    from dev.local_aws.log_lines import Line

_LEVELS = logging.getLevelNamesMapping()
_SHOWN_FIRST = {"function", "status", "code", "duration_ms"}
_FOLDERS = re.compile(r'(?<=File ")[^"\n]*/(?:ministack-lambda-[^"/\n]*|site-packages)/')


def logs(
    functions: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FUNCTION...", help="Logical id, or FEATURE/FILE as in functions/FEATURE/FILE.py. Default: all."
        ),
    ] = None,
    since: Since = None,
    tail: Annotated[int | None, typer.Option(min=1, help="Show this many lines, the newest.")] = None,
    level: Annotated[
        Literal["debug", "info", "warning", "error"], typer.Option(case_sensitive=False, help="Lowest level.")
    ] = "debug",
    follow: Annotated[bool, typer.Option("--follow", help="Continue until Ctrl-C.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object per line, with all fields.")] = False,
) -> None:
    """Show what functions logged, oldest first. Times are UTC; the duration is that of the invocation.

    JSON: {timestamp, function, level, message, ...}; the last line of an invocation has duration_ms
    """
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=True)
    for batch in _batches(functions or [], since, follow=follow, from_now=follow and tail is None):
        lines = [line for line in batch if _LEVELS.get(line["level"], logging.INFO) >= _LEVELS[level.upper()]]
        for line in lines[-tail if tail else 0 :]:
            if as_json:
                print(json.dumps(line, default=float, ensure_ascii=False), flush=True)
            else:
                console.print(readable(line))
        tail = None  # what follows is all shown


def _batches(names: list[str], since: datetime | None, *, follow: bool, from_now: bool) -> "Iterator[list[Line]]":
    from dev.application.stack import Stack
    from dev.local_aws.log_lines import log_lines
    from dev.local_aws.logs import follow as follow_log
    from dev.local_aws.logs import read

    stack, start = Stack(), since.timestamp() if since else time.time() if from_now else 0
    milliseconds = int(start * 1000)
    if not follow:
        yield log_lines(read(stack, names, milliseconds))
        return
    print("Waiting for new log lines. Press Ctrl-C to stop.", file=sys.stderr)
    yield from map(log_lines, follow_log(stack, names, milliseconds))


def readable(line: "Line") -> "Text":
    """Return a line such as `17:16:03 GetProduct 404 ProductNotFound 11ms`, then its traceback."""
    from rich.text import Text

    from dev.local_aws.logs import FIELDS_OF_POWERTOOLS

    status, level = line.get("status"), line["level"]
    message = line["message"]  # a logged event is an object
    said = str(status) if status is not None else message if isinstance(message, str) else _value(message)
    shown_elsewhere = FIELDS_OF_POWERTOOLS | _SHOWN_FIRST
    if level != "INFO":  # `dev redrive` and the client's error have the same id
        shown_elsewhere -= {"correlation_id"}
    details = (f"{name}={_value(value)}" for name, value in line.items() if name not in shown_elsewhere)
    words = ["" if level == "INFO" else level, said, line.get("code", ""), *details]
    text = Text(line["timestamp"][11:19], style="dim")
    text.append(f" {line['function'].removesuffix('Function')} ", style="bold not dim")
    text.append(" ".join(filter(None, words)), style=f"not dim {_colour(level, status)}")
    if "duration_ms" in line:
        text.append(f" {line['duration_ms']:.0f}ms{' cold start' if line.get('cold_start') else ''}")
    if "exception" in line:
        shown = _FOLDERS.sub("", line["exception"]).replace('File "code/', f'File "{FUNCTIONS.name}/')
        text.append("".join(f"\n    {each}" for each in shown.splitlines()))
    return text


def _colour(level: str, status: int | None) -> str:
    if _LEVELS.get(level, 0) >= logging.ERROR or (status or 0) >= 500:  # noqa: PLR2004
        return "red"
    return "yellow" if level == "WARNING" or (status or 0) >= 400 else "default"  # noqa: PLR2004


def _value(value: Any) -> str:
    """Return text as it is, unless it has spaces or control characters, and other values as JSON."""
    if isinstance(value, list):
        return ",".join(map(_value, value))
    if isinstance(value, str) and value.isprintable() and " " not in value:
        return value
    return json.dumps(value, default=float, separators=(",", ":"))
