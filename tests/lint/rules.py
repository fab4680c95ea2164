"""How a rule fails: one line that says what to do, then one line for each offender. Also what rules read in Python."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from dev.paths import ROOT


def check(offenders: Iterable[object], remedy: str) -> None:
    """Fail with `remedy` and every offender; pass if there are none."""
    lines = list(dict.fromkeys(map(str, offenders)))
    if lines:
        pytest.fail("\n  ".join([f"{remedy}:", *lines]), pytrace=False)


def differing[Name](actual: Mapping[Name, Any], expected: Mapping[Name, Any], where: str) -> Iterator[str]:
    """Yield a line for each expected setting that is missing or has another value."""
    for name, value in expected.items():
        if actual.get(name) != value:
            yield f"{where}: {name} is {actual.get(name)!r}, not {value!r}"


def imported(path: Path, *, for_types: bool = True) -> Iterator[str]:
    """Yield every name that a file imports, such as `dev.local_aws.sam.build`. Relative imports begin with a dot.

    `for_types` includes imports under `if TYPE_CHECKING`.
    """
    tree = ast.parse(path.read_text())
    guarded = {
        node
        for branch in ast.walk(tree)
        if isinstance(branch, ast.If) and isinstance(branch.test, ast.Name) and branch.test.id == "TYPE_CHECKING"
        for node in ast.walk(branch)
    }
    for node in ast.walk(tree):
        if node in guarded and not for_types:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names)


def is_test(path: str, name: str) -> bool:
    """Return whether a file in tests/ has a test of this name."""
    file = ROOT / path
    return (
        path.startswith("tests/")
        and file.is_file()
        and any(isinstance(node, ast.FunctionDef) and node.name == name for node in ast.parse(file.read_text()).body)
    )
