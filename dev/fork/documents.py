"""template.yaml and api/openapi.yaml without some parts, and without what nothing refers to any more."""

import re
from collections.abc import Callable, Collection

from dev.fork.blocks import Block, blocks, keep, without

BANNER = re.compile(r"# =+\n\s*# (\w+): ")
"""Begins a section of resources, whose name is in capital letters."""


def without_resources(template: str, parts: Collection[str]) -> tuple[str, set[str]]:
    """Return a template without the sections of some parts, and the logical ids of their resources."""
    sections = _sections(template)
    part, kept, gone = "", list[str](), set[str]()
    for block in blocks(sections["Resources"].body):
        banner = BANNER.search("".join(block.comments))
        part = banner[1].lower() if banner else part
        if part in parts:
            gone.add(block.name)
        else:
            kept += block.lines
    sections["Resources"].body = without(kept, any_of(gone))
    sections["Outputs"].body = keep(sections["Outputs"].body, lambda block: not any_of(gone).search(block.code))
    _drop_unused_settings(sections)
    return "".join(block.text for block in sections.values()), gone


def without_routes(contract: str, gone: Collection[str]) -> str:
    """Return a contract without the routes whose resources are gone, and without the components of those routes."""
    sections = _sections(contract)
    sections["paths"].body = keep(sections["paths"].body, lambda block: not any_of(gone).search(block.code))
    components = blocks(sections["components"].body)
    for kind in components:
        kind.body = _used(
            kind.body, sections["paths"].code, lambda block: rf"/{block.name}\"|\b{block.name}: \[", contract
        )
    sections["components"].body = [line for kind in components for line in kind.lines]
    return "".join(block.text for block in sections.values())


def any_of(names: Collection[str]) -> re.Pattern[str]:
    """Return a pattern that finds each of the names as a word."""
    return re.compile(rf"\b({'|'.join(map(re.escape, sorted(names)))})\b" if names else "(?!)")


def _sections(document: str) -> dict[str, Block]:
    return {block.name: block for block in blocks(document.splitlines(keepends=True))}


def _drop_unused_settings(sections: dict[str, Block]) -> None:
    """Drop conditions, parameters, rules and shared settings that no resource or output needs."""
    text = "".join(sections[name].code for name in ("Globals", "Resources", "Outputs"))
    (shared,) = blocks(sections["Metadata"].body)
    shared.body = _used(shared.body, text, lambda block: rf"\*{block.head.split('&')[1].strip()}\b")
    sections["Metadata"].body = shared.lines
    text += shared.code
    for name in ("Conditions", "Parameters"):
        sections[name].body = _used(sections[name].body, text, lambda block: rf"\b{block.name}\b")
        text += sections[name].code
    parameters = any_of({block.name for block in blocks(sections["Parameters"].body)})
    sections["Rules"].body = keep(sections["Rules"].body, lambda block: bool(parameters.search(block.code)))


def _used(lines: list[str], text: str, reference: Callable[[Block], str], original: str = "") -> list[str]:
    """Keep the blocks that a text, or another kept block, refers to, and those that `original` does not refer to."""
    found, kept = blocks(lines), list[Block]()
    while more := [block for block in found if block not in kept and re.search(reference(block), text)]:
        kept += more
        text += "".join(block.code for block in more)
    return [
        line
        for block in found
        if block in kept or (original and not re.search(reference(block), original))
        for line in block.lines
    ]
