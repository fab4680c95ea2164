"""Explains a failed case in text of 75 columns: expected beside actual values, changes, result and log."""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rich.cells import set_cell_size
from rich.console import Console
from rich.text import Text

from dev.local_aws.invocation import Outcome
from dev.local_aws.logs import FIELDS_OF_POWERTOOLS, json_fields
from dev.replay.matching import Difference, Words, as_json

_COLUMNS = 75
_LONGEST = 3_000
"""Characters of a value that are shown."""


def explain_failure(
    found: Sequence[Difference], changes: Iterable[tuple[str, Any, Any]], outcome: Outcome
) -> list[str]:
    """Return a summary in one line, then blocks of text. Tracebacks are first, since they are the cause."""
    tracebacks = [outcome.traceback, *_logged_tracebacks(outcome.log)]
    tracebacks = [each.rstrip() for each in tracebacks if each.strip()]
    errors = dict.fromkeys(each.splitlines()[-1] for each in tracebacks)
    summary = "; ".join(errors) or str(found[0])
    rows = list(changes)
    return [
        summary if len(summary) <= _COLUMNS else f"{summary[: _COLUMNS - 2]} …",
        *tracebacks,
        _side_by_side("expected", "actual", ((each.where, each.expected, each.actual) for each in found)),
        *([_side_by_side("before", "after", rows)] if rows else []),
        _block("result", _shown(outcome.result) if outcome.error is None else outcome.error),
        _block("log", "\n".join(_readable(line) for line in outcome.log.splitlines() if line.strip()) or "empty"),
    ]


def coloured(text: str) -> Text:
    """Return a block, indented or not, with bold titles and coloured columns."""
    styled = Text(text)
    styled.highlight_regex(r"(?m)^(?P<cyan>[^│\n]*)│(?P<magenta>[^\n]*)$")
    styled.highlight_regex(r"(?m)^ *(?P<bold>result|log|expected +│ actual|before +│ after)$")
    if "│" in text:
        styled.highlight_regex(r"(?m)^(?P<bold>[^│\n]+)$")
    return styled


def _side_by_side(left: str, right: str, rows: Iterable[tuple[str, Any, Any]]) -> str:
    """Return values in two columns, each pair below the line that says where it is."""
    lines = _two_columns(Words(left), Words(right))
    for where, one, other in rows:
        lines += [*_wrapped(where, _COLUMNS), *_two_columns(one, other)]
    return "\n".join(lines)


def _two_columns(left: Any, right: Any) -> list[str]:
    width = (_COLUMNS - 3) // 2
    pairs = itertools.zip_longest(*(_wrapped(_shown(value), width) for value in (left, right)), fillvalue="")
    return [f"{set_cell_size(one, width)} │ {other}".rstrip() for one, other in pairs]


def _block(title: str, text: str) -> str:
    return "\n".join([title, *_wrapped(text, _COLUMNS)])


def _shown(value: Any) -> str:
    """Return a value in lines of JSON, matchers in one line. The end of a long value is left out."""
    text = re.sub(r'\{\s+("Is[A-Z]\w+": [^\n]+)\n\s*\}', r"{\1}", as_json(value, indent=2))
    left_out = len(text) - _LONGEST
    return text if left_out <= 0 else f"{text[:_LONGEST]}\n… and {left_out} characters"


def _wrapped(text: str, width: int) -> list[str]:
    return [line.plain.rstrip() for line in Text(text).wrap(Console(width=width), width, overflow="fold")]


def _logged_tracebacks(log: str) -> Iterator[str]:
    for fields in map(json_fields, log.splitlines()):
        if "exception" in fields:
            yield str(fields["exception"])


def _readable(line: str) -> str:
    """Return the level, message and own fields of a structured log line, the names of metrics, or the line itself."""
    fields = json_fields(line)
    if "_aws" in fields:
        return f"metrics {as_json({name: value for name, value in fields.items() if name != '_aws'})}"
    if "message" not in fields:
        return line
    own = {name: value for name, value in fields.items() if name not in FIELDS_OF_POWERTOOLS}
    return f"{fields.get('level', '')} {fields['message']} {as_json(own)}".strip()
