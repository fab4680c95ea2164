"""Writes event files and their expectations."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dev.errors import DevError
from dev.replay.cases import expectation_of

_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")


def write(folder: Path, case: str, event: Mapping[str, Any], expect: Mapping[str, Any]) -> tuple[Path, Path]:
    """Write an event file and its expectation. Raises DevError if the case exists or has an invalid name."""
    if not _NAME.fullmatch(case):
        raise DevError(f"{case!r} is not a valid name of a case. Use lower-case letters, digits and dashes.")
    path = folder / f"{case}.json"
    contents = {path: event, expectation_of(path): expect}
    for each in contents:
        if each.exists():
            raise DevError(f"{each} exists. Choose another name, or delete it first")
    folder.mkdir(parents=True, exist_ok=True)
    for each, content in contents.items():
        each.write_text(json.dumps(content, indent=2, ensure_ascii=False, default=float) + "\n")
    return path, expectation_of(path)
