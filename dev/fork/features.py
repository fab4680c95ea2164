"""Features by name. A folder or file that is named for a feature belongs to it."""

import re
from collections.abc import Collection
from pathlib import PurePath

from dev.errors import DevError

PARTS = {
    "products": {"products", "idempotency", "table_streams"},
    "users": {"users", "auth", "table_streams"},
    "media": {"media"},
    "messages": {"messages", "idempotency", "table_streams"},
}
"""Names of each feature's folders, files and sections. A part that several features name belongs to all of them."""

NEVER_KEPT = {"fork"}
"""This command and its tests: what is particular to this repository."""


def removed_parts(kept: Collection[str]) -> set[str]:
    """Return the names of the parts that no kept feature needs. Raises DevError for an unknown feature."""
    if unknown := sorted(set(kept) - PARTS.keys()):
        raise DevError(f"No feature {', '.join(unknown)}. There are: {', '.join(PARTS)}")
    return NEVER_KEPT.union(*PARTS.values()) - set().union(*(PARTS[feature] for feature in kept))


def belongs_to(path: PurePath, parts: Collection[str]) -> bool:
    """Return whether a folder or file is named for one of the parts, as `test_media.py` and `media_files.py` are."""
    named = re.compile(rf"(test_)?({'|'.join(parts)})s?([_.].*)?")
    return any(named.fullmatch(name) for name in path.parts)
