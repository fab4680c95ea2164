"""Splits YAML into blocks of lines, to preserve layout and comments."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Block:
    """An entry or list item: comments and blank lines above it, its first line, and the lines indented deeper."""

    comments: list[str] = field(default_factory=list)
    head: str = ""
    body: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.head.strip().partition(":")[0]

    @property
    def lines(self) -> list[str]:
        return [*self.comments, self.head, *self.body]

    @property
    def text(self) -> str:
        return "".join(self.lines)

    @property
    def code(self) -> str:
        return "".join(line for line in [self.head, *self.body] if not _is_aside(line))


def blocks(lines: list[str]) -> list[Block]:
    """Split lines into the blocks of the least indentation."""
    least = min((_indent(line) for line in lines if not _is_aside(line)), default=0)
    found = [Block()]
    for line in lines:
        if not _is_aside(line) and _indent(line) == least:
            if found[-1].head:
                found.append(Block(_take_trailing_asides(found[-1].body)))
            found[-1].head = line
        else:
            (found[-1].body if found[-1].head else found[-1].comments).append(line)
    return found


def keep(lines: list[str], wanted: Callable[[Block], bool]) -> list[str]:
    """Return the lines of some blocks."""
    return [line for block in blocks(lines) if wanted(block) for line in block.lines]


def without(lines: list[str], gone: re.Pattern[str]) -> list[str]:
    """Drop the smallest entries and list items that contain a removed name, and entries that become empty."""
    kept = []
    for block in blocks(lines):
        if gone.search(block.code) and not gone.search(block.head) and block.head.count("{") == block.head.count("}"):
            block.body = without(block.body, gone)
            if not block.code.removeprefix(block.head):
                continue
        elif gone.search(block.code):
            continue
        kept += block.lines
    return kept


def _take_trailing_asides(lines: list[str]) -> list[str]:
    """Remove and return the comments and blank lines at the end: they are about what follows."""
    count = next((index for index, line in enumerate(reversed(lines)) if not _is_aside(line)), len(lines))
    asides = lines[len(lines) - count :]
    del lines[len(lines) - count :]
    return asides


def _is_aside(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
