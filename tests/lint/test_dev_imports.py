"""Imports within `dev` run one way: from the commands to the local AWS, which imports no code of the application."""

from dev.paths import FUNCTIONS, ROOT
from tests.lint.rules import imported

LAYERS = ["local_aws", "application", "cost", "tables", "replay", "redrive", "forget", "events", "fork"]
"""Each folder may import the folders before it, never those after it."""
BASE = {"errors", "paths"}
"""Modules that every folder but local_aws may import; local_aws may import `errors` alone."""


def allowed(layer: str) -> set[str]:
    before = set(LAYERS[: LAYERS.index(layer) + 1])
    return before | ({"errors"} if layer == "local_aws" else BASE)


def test_every_folder_is_a_layer() -> None:
    assert {path.parent.name for path in (ROOT / "dev").glob("*/__init__.py")} <= set(LAYERS)


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
