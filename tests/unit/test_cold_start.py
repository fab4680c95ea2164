"""What the import of a handler must not load: it would be paid for by each cold start."""

import subprocess
import sys

from dev.local_aws.template import functions
from dev.paths import FUNCTIONS
from tests.template_facts import TEMPLATE

HANDLERS = {function.handler.removesuffix(".handler") for function in functions(TEMPLATE).values()}
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
        "LAMBDA_TASK_ROOT": "/var/task",  # elsewhere the tracer prepares to sample by itself
    }
    arguments = [" ".join(HANDLERS & NO_AWS_CALLS), " ".join(HANDLERS - NO_AWS_CALLS)]
    command = [sys.executable, "-c", COLD_START, *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    found = {module: set(names) for module, *names in (line.split() for line in done.stdout.splitlines())}
    assert found.keys() == HANDLERS
    return found


def test_cold_start_loads_nothing_heavy() -> None:
    heavy = {
        module: sorted(names & forbidden)
        for module, names in loaded().items()
        if names & (forbidden := forbidden_to(module))
    }

    assert heavy == {}


def forbidden_to(module: str) -> set[str]:
    forbidden = NEVER_LOADED | ({"botocore.client"} if module in NO_AWS_CALLS else set())
    return forbidden | (set() if module in NEEDS_MEDIA_LAYER else MEDIA_LAYER)
