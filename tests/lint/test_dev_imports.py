"""Imports within `dev` run one way: from the commands to the local AWS, which imports no code of the application."""

import ast
from collections.abc import Iterator
from pathlib import Path

from dev.paths import FUNCTIONS, ROOT

LAYERS = ["local_aws", "application", "cost", "tables", "replay", "redrive", "forget", "events", "fork"]
"""Each folder may import the folders before it, never those after it."""
BASE = {"errors", "paths"}
"""Modules that every folder but local_aws may import; local_aws may import `errors` alone."""


def imported(path: Path) -> Iterator[str]:
    """Yield every name that a file imports, such as `dev.local_aws.sam.build`. Relative imports begin with a dot."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names)


def allowed(layer: str) -> set[str]:
    before = set(LAYERS[: LAYERS.index(layer) + 1])
    return before | ({"errors"} if layer == "local_aws" else BASE)


def test_imports_run_one_way() -> None:
    offenders = [
        f"{path.relative_to(ROOT)} imports {name}"
        for layer in LAYERS
        for path in (ROOT / "dev" / layer).rglob("*.py")
        for name in imported(path)
        if name.startswith(".") or (name.startswith("dev.") and name.split(".")[1] not in allowed(layer))
    ]

    assert offenders == []


def test_local_aws_imports_no_function() -> None:
    code = {folder.name for folder in FUNCTIONS.iterdir()}
    offenders = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in (ROOT / "dev" / "local_aws").rglob("*.py")
        for name in imported(path)
        if name.split(".")[0] in code
    ]

    assert offenders == []
