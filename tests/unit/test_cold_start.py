"""What the import of a handler must not load: it would be paid for by each cold start."""

import functools
import importlib.metadata
import subprocess
import sys
import tomllib

from dev.local_aws.template import resources
from dev.paths import FUNCTIONS, ROOT
from tests.grants import GRANTS, OF_LAMBDA
from tests.template_facts import FUNCTIONS_BY_ID, TEMPLATE, properties

HANDLERS = {function.handler.removesuffix(".handler"): name for name, function in FUNCTIONS_BY_ID.items()}
NEVER_LOADED = {
    "pydantic",
    "jsonschema",
    "boto3",
    "aws_xray_sdk",
    "aws_lambda_powertools.event_handler",
    "aws_lambda_powertools.utilities.parser",
    "aws_lambda_powertools.utilities.validation",
}
NO_AWS_CALLS = {
    module
    for module, name in HANDLERS.items()
    if all(OF_LAMBDA.fullmatch(f"{action} on {place}") for place, actions in GRANTS[name].items() for action in actions)
}
"""Handlers whose grants are for the Lambda service alone."""
GROUPS = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
LOADED_BY_THE_SDK = {"cryptography"}
"""botocore imports it where it is installed, as it is here."""
LAYERS = resources(TEMPLATE, "AWS::Serverless::LayerVersion")

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
import shared.api, shared.aws  # what all others begin with, and what takes long
shared.aws.dynamodb_client(), shared.aws.s3_client()
report(sharing)
"""


def loaded() -> dict[str, set[str]]:
    """Return what each handler's import loads in an interpreter of its own: this one has loaded more."""
    environment = {
        "PYTHONPATH": str(FUNCTIONS),
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    arguments = [" ".join(NO_AWS_CALLS), " ".join(HANDLERS.keys() - NO_AWS_CALLS)]
    command = [sys.executable, "-c", COLD_START, *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    found = {module: set(names) for module, *names in (line.split() for line in done.stdout.splitlines())}
    assert found.keys() == HANDLERS.keys()
    return found


def test_cold_start_loads_nothing_heavy() -> None:
    heavy = {
        module: sorted(names & forbidden)
        for module, names in loaded().items()
        if names & (forbidden := forbidden_to(module))
    }

    assert heavy == {}


def forbidden_to(module: str) -> set[str]:
    """Return what a handler must not load: also the modules of layers that the function does not have."""
    own = {layer["Ref"] for layer in properties(HANDLERS[module]).get("Layers", [])}
    others = {name for layer in LAYERS.keys() - own for name in modules_of(layer)}
    return NEVER_LOADED | others | ({"botocore.client"} if module in NO_AWS_CALLS else set())


@functools.cache
def modules_of(layer: str) -> set[str]:
    """Return the modules of the dependency group that a layer ships."""
    group = GROUPS.get(LAYERS[layer]["Properties"]["ContentUri"].rpartition("/")[2], [])
    distributions = {requirement.partition("==")[0] for requirement in group}
    return {
        module
        for module, names in importlib.metadata.packages_distributions().items()
        if distributions & {name.lower() for name in names} and module not in LOADED_BY_THE_SDK
    }


def test_modules_of_a_layer_are_known() -> None:
    assert all(modules_of(layer) for layer in LAYERS.keys() - {"SharedLayer"})
