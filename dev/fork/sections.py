"""Sections of text files that belong to one part, delimited by comments in the syntax of the file.

A line that ends with the comment `# media` belongs to media. So do the lines from `# media` to `# /media`, if each is
alone on its line. Markdown has `<!-- media -->` and `<!-- /media -->`, and Mermaid `%% media` and `%% /media`.
"""

import re
from collections.abc import Callable, Collection

DROPPED = re.compile(r"\| |- |(\.venv/bin/)?(dev|pytest|sam) ")
"""Rows, list items and commands, each with its indented lines."""
EMPTY_BLOCK = re.compile(r"```sh\n```\n\n?")


def without_sections(text: str, parts: Collection[str]) -> str:
    """Return a text without the lines of some parts."""
    begin, end = (re.compile(rf"\s*(#|%%|<!--) {slash}({'|'.join(parts)})( -->)?\n") for slash in ("", "/"))
    line_of = re.compile(rf".* # ({'|'.join(parts)})\n")
    kept, depth = [], 0
    for line in text.splitlines(keepends=True):
        depth += bool(begin.fullmatch(line))
        if not depth and not line_of.fullmatch(line):
            kept.append(line)
        depth -= bool(end.fullmatch(line))
    return "".join(kept)


def without_mentions(markdown: str, is_gone: Callable[[str], bool]) -> str:
    """Return a Markdown text without the rows, list items and commands that name something that is gone.

    A name in a list within a row is only taken out of this list.
    """
    items = (_without_listed(item, is_gone) for item in re.split(r"(?m)^(?! )", markdown))
    kept = [item for item in items if not (DROPPED.match(item) and _names(item, is_gone))]
    return EMPTY_BLOCK.sub("", "".join(kept))


def _without_listed(item: str, is_gone: Callable[[str], bool]) -> str:
    return re.sub(r"(?<=\| )\w+(?:, \w+)+(?= \|)", lambda cell: _kept_of(cell[0].split(", "), is_gone), item)


def _kept_of(names: list[str], is_gone: Callable[[str], bool]) -> str:
    return ", ".join([name for name in names if not is_gone(name)] or names)


def _names(item: str, is_gone: Callable[[str], bool]) -> bool:
    return any(is_gone(word.rstrip("./")) for word in re.findall(r"[\w./-]+", item))
