"""The environment of `sam local`: the running stack's names for the functions, its address for the CLI."""

import json
from pathlib import Path

from dev.emulator import CREDENTIALS, REGION
from dev.paths import LOCAL
from dev.stack import Stack
from dev.template import functions, load_template

ENV_FILE = LOCAL / "env.json"
"""Where samconfig.toml tells `sam local` to look."""


def write(stack: Stack, path: Path = ENV_FILE) -> dict[str, str]:
    """Write the file for `sam local --env-vars`; return the variables that the shell needs beside it.

    The file holds the deployed tables' and buckets' names, because `sam local` would pass logical ids. Everything that
    the file cannot say (it reaches only variables of the template) goes to the shell: SAM CLI passes the
    shell's credentials to the container, and asks STS for the account, which without an address of the
    emulator takes ten seconds to fail.
    """
    status = stack.status()
    physical = status.tables | status.buckets
    endpoint_url = stack.bridge.start(int(stack.emulator.endpoint_url.rpartition(":")[2]))
    names = {
        function.logical_id: {variable: physical[store] for variable, store in function.stores.items()}
        | {"AWS_ENDPOINT_URL": endpoint_url}
        for function in functions(load_template()).values()
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(names, indent=2))
    return CREDENTIALS | {"AWS_ENDPOINT_URL": endpoint_url, "AWS_DEFAULT_REGION": REGION}
