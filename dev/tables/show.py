"""Formats tables, items and access patterns for the terminal."""

import json
import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from dev.tables.items import Page, plain
from dev.tables.patterns import PatternRun
from dev.tables.recorder import READS

_WIDTH = 80
_NOT_EMULATED = {"ttl", "point_in_time_recovery", "encryption"}
_ATTRIBUTE_VALUES = {"Item", "Key", "ExclusiveStartKey", "ExpressionAttributeValues"}


def console() -> Console:
    """Return a console as wide as the terminal."""
    return Console(highlight=False, width=None if sys.stdout.isatty() else _WIDTH)


def tables(stack: str, summaries: Iterable[Mapping[str, Any]]) -> Table:
    """Show one line per table."""
    grid = _grid(f"Tables of {stack}", "table", "status", "items", "bytes")
    for each in summaries:
        grid.add_row(each["table"], each["status"], str(each["items"]), str(each["bytes"]))
    return grid


def settings(described: Mapping[str, Any], *, is_local: bool) -> Table:
    """Show the settings of a table. The emulator does not have all of them."""
    grid = _grid(described["table"], "setting", "value")
    for name, value in described.items():
        is_missing = is_local and name in _NOT_EMULATED and not value
        grid.add_row(name.replace("_", " "), Text("not emulated" if is_missing else _setting(name, value)))
    return grid


def _setting(name: str, value: Any) -> str:
    if name == "keys":
        return _keys(value)
    if name == "indexes":
        return "\n".join(f"{each['name']}: {_keys(each['keys'])}, {each['projection']}" for each in value) or "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    return "none" if value is None else str(value)


def _keys(keys: Iterable[Mapping[str, str]]) -> str:
    return ", ".join(f"{each['name']} ({each['key']}, {each['type']})" for each in keys)


def page(table: str, key_names: Sequence[str], found: Page) -> Iterable[Table | str]:
    """Show items, keys first, and the cost of reading them."""
    yield _items(table, key_names, found.items)
    yield f"{_count(len(found.items), 'item')}, {_count(found.capacity_units, 'request unit')}"
    if found.next is not None:
        yield f"More: --after '{json.dumps(found.next, ensure_ascii=False)}'"


def outcome(each: PatternRun, key_names: Sequence[str]) -> Iterable[Table | str]:
    """Show the requests of a pattern, their cost and the items."""
    yield f"\n{each.pattern.name}  ({each.pattern.source})"
    for call in each.to_json()["requests"]:
        yield f"  {call['operation']}"
        yield from _request(call["request"], "    ")
        yield f"  {_result(call)}"
        if call["items"]:
            yield _items("", key_names, call["items"])
    if each.rejected is not None:
        yield f"  failed with {each.rejected}. If demo data is missing, run: dev tables seed"


def _request(request: Mapping[str, Any], indent: str) -> Iterator[str]:
    """Yield the parameters of a request without the table's name, those of a transaction write by write."""
    for name, value in request.items():
        if name == "TransactItems":
            for kind, write in (write for each in value for write in each.items()):
                yield f"{indent}{kind}"
                yield from _request(write, f"{indent}  ")
        elif name != "TableName":
            shown = plain(value) if name in _ATTRIBUTE_VALUES else value
            text = shown if isinstance(shown, str) else json.dumps(shown, ensure_ascii=False)
            yield textwrap.fill(
                f"{name}: {text}",
                _WIDTH,
                initial_indent=indent,
                subsequent_indent=f"{indent}  ",
                break_on_hyphens=False,
            )


def _result(call: Mapping[str, Any]) -> str:
    if not call["sent"]:
        return "not sent (write)"
    if call["error"] is not None:
        return f"rejected: {call['error']}"
    by_index = "".join(f", {units:g} of them for {name}" for name, units in call["capacity_units_by_index"].items())
    found = f", {_count(len(call['items']), 'item')}" if call["operation"] in READS else ""
    units = call["capacity_units"]
    return f"{'cost not reported' if units is None else _count(units, 'request unit')}{by_index}{found}"


def _count(number: float, what: str) -> str:
    return f"{number:g} {what}{'' if number == 1 else 's'}"


def _items(title: str, key_names: Sequence[str], items: Iterable[Mapping[str, Any]]) -> Table:
    grid = _grid(title, *key_names, "attributes")
    for item in items:
        rest = {name: value for name, value in item.items() if name not in key_names}
        attributes = (f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in sorted(rest.items()))
        grid.add_row(*(Text(str(item[name])) for name in key_names), Text(", ".join(attributes)))
    return grid


def _grid(title: str, *columns: str) -> Table:
    grid = Table(title=title or None, title_justify="left")
    for column in columns:
        grid.add_column(column, overflow="fold")
    return grid
