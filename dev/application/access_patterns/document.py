"""docs/access-patterns.md, read as data."""

import re
from dataclasses import dataclass

from dev.paths import ROOT

DOCUMENT = ROOT / "docs" / "access-patterns.md"


@dataclass(frozen=True)
class Row:
    """A line of a table's patterns. `function` and `test` are a text and the path it links to."""

    table: str
    name: str
    function: tuple[str, str]
    asked_by: str
    operation: str
    key: str
    index: str
    order: str
    request_units: str
    example: str
    test: tuple[str, str]

    def __str__(self) -> str:
        return self.name


def rows() -> list[Row]:
    """Return every pattern, in the document's order."""
    sections = re.findall(r"^## (\w+Table)$(.*?)(?=^## |\Z)", DOCUMENT.read_text(), re.MULTILINE | re.DOTALL)
    cells = [
        (table, [cell.strip() for cell in line.strip("|").split(" | ")])
        for table, section in sections
        for line in re.findall(r"^\| [a-z-]+ \| \[`.*\|$", section, re.MULTILINE)
    ]
    return [_row(table, line) for table, line in cells]


def _row(table: str, cells: list[str]) -> Row:
    name, function, asked_by, operation, key, index, order, request_units, example, test = cells
    return Row(
        table, name, _link(function), asked_by, operation, key, index, order, request_units, example, _link(test)
    )


def _link(cell: str) -> tuple[str, str]:
    ((text, path),) = re.findall(r"^\[`(.+)`\]\(\.\./(.+)\)$", cell)
    return text, path
