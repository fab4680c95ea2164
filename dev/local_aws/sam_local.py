"""The environment of `sam local`: physical names for the functions, and the endpoint for the CLI."""

import json
from pathlib import Path

from dev.local_aws.emulator import CREDENTIALS, REGION
from dev.local_aws.stack import LocalStack

VARIABLES = (*CREDENTIALS, "AWS_ENDPOINT_URL", "AWS_DEFAULT_REGION")
"""What `write` returns, by name."""


def write(stack: LocalStack, path: Path) -> dict[str, str]:
    """Write the file for `sam local --env-vars`. Return the variables that the shell also needs.

    The file holds the deployed functions' variables, because `sam local` would pass logical ids, with the
    emulator's address as containers reach it. The file can set only variables
    of the template. The shell needs the rest: SAM CLI passes the shell's credentials to the container, and asks STS
    for the account, which without an address of the emulator takes ten seconds to fail.
    """
    here = stack.emulator.endpoint_url
    endpoint_url = stack.bridge.start(int(here.rpartition(":")[2]))
    variables = {
        logical_id: {variable: value.replace(here, endpoint_url) for variable, value in _deployed(stack, name).items()}
        for logical_id, name in stack.resources()["AWS::Lambda::Function"].items()
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(variables, indent=2))
    return CREDENTIALS | {"AWS_ENDPOINT_URL": endpoint_url, "AWS_DEFAULT_REGION": REGION}


def _deployed(stack: LocalStack, function_name: str) -> dict[str, str]:
    configuration = stack.client("lambda").get_function_configuration(FunctionName=function_name)
    variables: dict[str, str] = configuration["Environment"]["Variables"]
    return variables
