"""Imports within `dev` run one way: from the commands to the local AWS."""

import ast
from collections.abc import Iterator
from pathlib import Path

from dev.paths import ROOT

LAYERS = ["local_aws", "application", "tables", "replay", "redrive"]
"""Each folder may import the folders before it, never those after it."""
BASE = {"errors", "paths"}
"""Modules that every folder but local_aws may import; local_aws may import `errors` alone."""


def imported(path: Path) -> Iterator[str]:
    """Yield the modules of `dev` that a file imports, such as `local_aws.sam`."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "dev":
            package = (node.module or "").removeprefix("dev").lstrip(".")
            yield from [package] if package else [alias.name for alias in node.names]


def allowed(layer: str) -> set[str]:
    before = set(LAYERS[: LAYERS.index(layer) + 1])
    return before | ({"errors"} if layer == "local_aws" else BASE)


def test_imports_run_one_way() -> None:
    offenders = [
        f"{path.relative_to(ROOT)} imports dev.{module}"
        for layer in LAYERS
        for path in (ROOT / "dev" / layer).rglob("*.py")
        for module in imported(path)
        if module.split(".")[0] not in allowed(layer)
    ]

    assert offenders == []
