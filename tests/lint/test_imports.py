"""Which module may import which, and what it may do when it is imported."""

import ast
from pathlib import Path

from dev.paths import FUNCTIONS
from tests.lint.rules import check, imported
from tests.template_facts import FUNCTIONS_BY_ID

FEATURES = sorted(
    path.name for path in FUNCTIONS.iterdir() if path.is_dir() and path.name not in {"shared", "__pycache__"}
)
MODULES = sorted(path.relative_to(FUNCTIONS) for path in FUNCTIONS.rglob("*.py"))
HANDLERS = {function.handler.removesuffix(".handler") for function in FUNCTIONS_BY_ID.values()}
IMPORTED = {path: set(imported(FUNCTIONS / path, for_types=False)) for path in MODULES}


def test_imports_are_written_in_full() -> None:
    offenders = [f"{path} imports {name}" for path, names in IMPORTED.items() for name in names if name.startswith(".")]

    check(offenders, "Write imports in full, not relative")


def test_features_do_not_import_each_other() -> None:
    offenders = [
        f"{path} imports {name}"
        for path, names in IMPORTED.items()
        for name in sorted(names)
        if (feature := name.split(".")[0]) in FEATURES and feature != path.parts[0]
    ]

    check(offenders, "Move what features share into functions/shared")


def test_only_shared_aws_imports_an_sdk() -> None:
    offenders = [
        f"{path} imports {name}"
        for path, names in IMPORTED.items()
        for name in sorted(names)
        if name.split(".")[0] in {"boto3", "botocore"} and path != Path("shared/aws.py")
    ]

    check(offenders, "Take clients and errors from shared.aws")


def test_models_are_pure() -> None:
    offenders = [
        f"{path} imports {name}"
        for path, names in IMPORTED.items()
        for name in sorted(names)
        if path.name in {"model.py", "validation.py"}
        and name.split(".")[0] in {"shared", "aws_lambda_powertools", "os", "time"}
        and name.rpartition(".")[0] not in {"shared.errors", "shared.ids", "shared.text"}
        and name != "shared.clock.epoch_seconds"
    ]

    check(offenders, "Keep models free of the environment, the clock and AWS")


def test_no_module_imports_a_handler() -> None:
    offenders = [
        f"{path} imports {name}"
        for path, names in IMPORTED.items()
        for name in sorted(names)
        if path.parts[0] != "shared" and HANDLERS & {name, name.rpartition(".")[0]}
    ]

    check(offenders, "Move what handlers share into the feature's model or store")


def test_environment_is_not_read_at_import() -> None:
    """A module that does makes every test patch the environment first."""
    offenders = [f"{path}, line {line}" for path in MODULES for line in reads_at_import(path)]

    check(offenders, "Read the environment inside a function")


def reads_at_import(path: Path) -> list[int]:
    tree = ast.parse((FUNCTIONS / path).read_text())
    inside = {
        node
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.Lambda)
        for node in ast.walk(function)
    }
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"} and node not in inside
    ]


def test_files_are_short() -> None:
    lines = {path: len((FUNCTIONS / path).read_text().splitlines()) for path in MODULES}
    limits = {path: 80 if ".".join(path.with_suffix("").parts) in HANDLERS else 200 for path in MODULES}

    check(
        (f"{path} has {lines[path]} lines, not {limits[path]}" for path in MODULES if lines[path] > limits[path]),
        "Split the file",
    )
