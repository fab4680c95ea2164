"""What the import of a handler may load: each cold start pays for it."""

import functools
import importlib.metadata
import subprocess
import sys
import tomllib

from dev.local_aws.template import referent, resources
from dev.paths import FUNCTIONS, ROOT
from tests.grants import GRANTS, OF_LAMBDA
from tests.template_facts import FUNCTIONS_BY_ID, MAPPINGS, OPERATIONS, TABLES, TEMPLATE, properties

HANDLERS = {function.handler.removesuffix(".handler"): name for name, function in FUNCTIONS_BY_ID.items()}
NO_AWS_CALLS = {
    module
    for module, name in HANDLERS.items()
    if all(OF_LAMBDA.fullmatch(f"{action} on {place}") for place, actions in GRANTS[name].items() for action in actions)
}
"""Handlers whose grants are for the Lambda service alone."""
GROUPS = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
EVERY_FUNCTION = "aws_lambda_powertools"
SDK = "botocore.client botocore.session"
SCHEMA = "fastjsonschema"
CONSUMER = "aws_lambda_powertools.utilities.batch"
OWN = {"dataclasses", "decimal", "gc", "hashlib", "html", "queue", "secrets", "shared", "stringprep", "unicodedata"}
"""Modules that the functions use themselves, and the codec of host names."""
LAYERS = resources(TEMPLATE, "AWS::Serverless::LayerVersion")

CONSUMERS = {referent(mapping["Properties"]["FunctionName"]) for mapping in MAPPINGS.values()}

COLD_START = """
import importlib, os, sys
from unittest import mock

def report(lines):
    for names in lines:
        child = os.fork()
        if child == 0:
            for name in names.split():
                importlib.import_module(name)
            print(names, *(f"client:{service}" for service in sorted(services)), *sys.modules, sep="|", flush=True)
            os._exit(0)
        os.waitpid(child, 0)

services = set()
alone, sharing = (names.splitlines() for names in sys.argv[1:])
report(alone)
import botocore.session, shared.api, shared.aws  # what all others begin with, and what takes long
create_client = lambda self, service, **_: services.add(service) or mock.MagicMock()
with mock.patch("botocore.session.Session.create_client", create_client):
    report(sharing)
"""


@functools.cache
def loaded() -> dict[str, set[str]]:
    """Return what the import of each handler and library loads, and the clients that it creates.

    One interpreter with nothing loaded forks for each import. This one has loaded more.
    """
    layers = [module for layer in LAYERS if layer != "SharedLayer" for module in modules_of(layer)]
    alone = [EVERY_FUNCTION, SDK, SCHEMA, CONSUMER, *layers, *NO_AWS_CALLS]
    sharing = HANDLERS.keys() - NO_AWS_CALLS
    environment = {"PYTHONPATH": str(FUNCTIONS), "AWS_DEFAULT_REGION": "us-east-1"}
    command = [sys.executable, "-c", COLD_START, "\n".join(alone), "\n".join(sharing)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    found = {module: set(names) for module, *names in (line.split("|") for line in done.stdout.splitlines())}
    assert found.keys() == {*alone, *sharing}
    return found


def test_a_cold_start_loads_what_the_function_uses() -> None:
    needless = {module: sorted(packages(loaded()[module]) - allowed(module)) for module in HANDLERS}

    assert {module: names for module, names in needless.items() if names} == {}


def packages(names: set[str]) -> set[str]:
    """Return the top-level packages of modules, and the large parts of Powertools by their own names."""
    parts = {name for name in names if name.startswith("aws_lambda_powertools.utilities.") and name.count(".") == 2}
    return {name.partition(".")[0] for name in names if not name.startswith("_")} | parts


def allowed(module: str) -> set[str]:
    """Return the packages that a handler may load: of its libraries and its feature, and the clients of its stores."""
    function = FUNCTIONS_BY_ID[HANDLERS[module]]
    libraries = [EVERY_FUNCTION]
    if module not in NO_AWS_CALLS:
        libraries.append(SDK)
    if function.logical_id in CONSUMERS:
        libraries.append(CONSUMER)
    if any(
        "application/json" in OPERATIONS.get(route, {}).get("requestBody", {}).get("content", {})
        for route in function.routes
    ):
        libraries.append(SCHEMA)
    libraries += [
        name for layer in properties(function.logical_id).get("Layers", []) for name in modules_of(layer["Ref"])
    ]
    clients = {"client:dynamodb" if store in TABLES else "client:s3" for store in function.stores.values()}
    names = {name for library in libraries for name in loaded()[library]}
    return packages(names) | clients | OWN | {module.partition(".")[0]}


@functools.cache
def modules_of(layer: str) -> list[str]:
    """Return the modules of the dependency group that a layer ships."""
    group = GROUPS[LAYERS[layer]["Properties"]["ContentUri"].rpartition("/")[2]]
    distributions = {requirement.partition("==")[0] for requirement in group}
    return [
        module
        for module, names in importlib.metadata.packages_distributions().items()
        if distributions & {name.lower() for name in names} and module.isidentifier() and not module.startswith("_")
    ]
