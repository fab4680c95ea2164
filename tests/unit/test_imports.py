"""Who imports whom, and what a cold start must not load."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from dev.paths import FUNCTIONS
from dev.template import functions, load_template

FEATURES = sorted(
    path.name for path in FUNCTIONS.iterdir() if path.is_dir() and path.name not in {"shared", "__pycache__"}
)
MODULES = sorted(path.relative_to(FUNCTIONS) for path in FUNCTIONS.rglob("*.py"))
HANDLERS = {function.handler.removesuffix(".handler") for function in functions(load_template()).values()}
NEVER_LOADED = {
    "pydantic",
    "jsonschema",
    "boto3",
    "aws_xray_sdk",
    "aws_lambda_powertools.event_handler",
    "aws_lambda_powertools.utilities.parser",
    "aws_lambda_powertools.utilities.validation",
}
NO_AWS_CALLS = {"auth.authorize", "media.page", "products.on_change"}
MEDIA_LAYER = {"PIL", "filetype", "multipart"}
NEEDS_MEDIA_LAYER = {"media.upload", "media.on_upload"}


def imported(path: Path) -> set[str]:
    """Return the modules that a file imports, those for type checking aside."""
    tree = ast.parse((FUNCTIONS / path).read_text())
    guarded = {
        node
        for branch in ast.walk(tree)
        if isinstance(branch, ast.If) and isinstance(branch.test, ast.Name) and branch.test.id == "TYPE_CHECKING"
        for node in ast.walk(branch)
    }
    names: set[str] = set()
    for node in ast.walk(tree):
        if node in guarded:
            continue
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_features_do_not_import_each_other(path: Path) -> None:
    feature = path.parts[0]
    others = {name for name in FEATURES if name != feature}

    assert not {name for name in imported(path) if name.split(".")[0] in others}


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_only_shared_aws_imports_an_sdk(path: Path) -> None:
    sdk = {name for name in imported(path) if name.split(".")[0] in {"boto3", "botocore"}}

    assert not sdk or path == Path("shared/aws.py")


@pytest.mark.parametrize("path", [path for path in MODULES if path.name in {"model.py", "rules.py"}], ids=str)
def test_models_are_pure(path: Path) -> None:
    ours = {name for name in imported(path) if name.split(".")[0] in {"shared", "aws_lambda_powertools", "os", "time"}}

    assert {name.rpartition(".")[0] for name in ours} <= {"shared.errors", "shared.ids", "shared.text"}


@pytest.mark.parametrize("path", [path for path in MODULES if path.parts[0] != "shared"], ids=str)
def test_nobody_imports_a_handler(path: Path) -> None:
    assert not {name for name in imported(path) if name in HANDLERS or name.rpartition(".")[0] in HANDLERS}


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_environment_is_not_read_at_import(path: Path) -> None:
    """A module that does makes every test patch the environment first."""
    tree = ast.parse((FUNCTIONS / path).read_text())
    inside = {
        node
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.Lambda)
        for node in ast.walk(function)
    }
    reads = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"} and node not in inside
    ]

    assert reads == []


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_file_is_short(path: Path) -> None:
    lines = len((FUNCTIONS / path).read_text().splitlines())

    assert lines <= (80 if ".".join(path.with_suffix("").parts) in HANDLERS else 200)


COLD_START = """
import importlib, os, sys

def report(modules):
    for module in modules:
        child = os.fork()
        if child == 0:
            importlib.import_module(module)
            print(module, *sys.modules, flush=True)
            os._exit(0)
        os.waitpid(child, 0)

alone, sharing = (names.split() for names in sys.argv[1:])
report(alone)
import shared.api  # what all others begin with, and what takes long
report(sharing)
"""


@pytest.fixture(scope="module")
def loaded() -> dict[str, set[str]]:
    """What each handler's import loads, found in interpreters of their own: what this one has loaded says nothing."""
    environment = {
        "PYTHONPATH": str(FUNCTIONS),
        "AWS_DEFAULT_REGION": "us-east-1",
        "LAMBDA_TASK_ROOT": "/var/task",  # elsewhere the tracer prepares to sample by itself
    }
    arguments = [" ".join(HANDLERS & NO_AWS_CALLS), " ".join(HANDLERS - NO_AWS_CALLS)]
    command = [sys.executable, "-c", COLD_START, *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return {module: set(names) for module, *names in (line.split() for line in done.stdout.splitlines())}


@pytest.mark.parametrize("module", sorted(HANDLERS))
def test_cold_start_loads_nothing_heavy(module: str, loaded: dict[str, set[str]]) -> None:
    forbidden = NEVER_LOADED | ({"botocore.client"} if module in NO_AWS_CALLS else set())
    forbidden |= set() if module in NEEDS_MEDIA_LAYER else MEDIA_LAYER

    assert loaded[module] & forbidden == set()
