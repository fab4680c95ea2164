"""The stack to work on: the local one, or one on AWS with the caller's credentials. Writes to AWS need confirmation."""

import functools
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import boto3
import typer

from dev.application.project import load_template
from dev.application.stack import Stack
from dev.errors import DevError
from dev.local_aws.deployment import stack_resources
from dev.local_aws.template import key_names


@functools.cache
def template() -> Mapping[str, Any]:
    """Return template.yaml, read once."""
    return load_template()


@functools.cache
def key_attributes() -> dict[str, tuple[str, ...]]:
    """Return the names of each table's key attributes, partition key first, by logical id."""
    return key_names(template())


@dataclass(frozen=True)
class DeployedStack:
    """A deployed stack: physical names by type and logical id, and a factory for clients."""

    name: str
    is_local: bool
    resources: Mapping[str, Mapping[str, str]]
    client: Callable[..., Any]

    @functools.cached_property
    def tables(self) -> dict[str, str]:
        """Physical names of the template's tables by logical id. Raises DevError if one is missing."""
        deployed = self.resources.get("AWS::DynamoDB::Table", {})
        if missing := [name for name in key_attributes() if name not in deployed]:
            raise DevError(f"The stack {self.name} has no {', '.join(missing)}: deploy the current template.yaml.")
        return {name: deployed[name] for name in key_attributes()}

    def find(self, name: str) -> str:
        """Return the logical id of a table such as `ProductsTable` or `products`. Raises DevError."""
        for logical_id in self.tables:
            if name.lower() in (logical_id.lower(), logical_id.removesuffix("Table").lower()):
                return logical_id
        raise DevError(f"No table {name}. There are: {', '.join(self.tables)}")

    def is_production(self) -> bool:
        """Return whether the stack was deployed with `Stage=prod`."""
        (stack,) = self.client("cloudformation").describe_stacks(StackName=self.name)["Stacks"]
        return {"ParameterKey": "Stage", "ParameterValue": "prod"} in stack.get("Parameters", [])


def open_deployed(name: str | None, profile: str | None, region: str | None) -> DeployedStack:
    """Return the local stack, or another one by name. Raises DevError."""
    if name is not None:
        client = boto3.Session(profile_name=profile, region_name=region).client
        physical = stack_resources(client("cloudformation"), name)
        return DeployedStack(name, is_local=False, resources=physical, client=client)
    if profile is not None or region is not None:
        raise DevError("--profile and --region need --stack.")
    return local(Stack())


def local(stack: Stack) -> DeployedStack:
    """Return a local stack. Raises DevError if it is not running."""
    return DeployedStack(stack.name, is_local=True, resources=stack.resources(), client=stack.client)


def reject_production(deployed: DeployedStack) -> None:
    """Raise DevError if the stack is in production."""
    if deployed.is_production():
        raise DevError(f"{deployed.name} is a production stack, which this command never changes. Nothing was changed.")


def allow_writes(deployed: DeployedStack, what: str, name: str | None) -> None:
    """Raise DevError if the stack is in production, or on AWS and not confirmed by its name."""
    reject_production(deployed)
    confirm_writes(deployed, what, name)


def confirm_writes(deployed: DeployedStack, what: str, name: str | None) -> None:
    """Ask for the name of a stack on AWS, unless `name` is given. Raises DevError if it is another one."""
    if name is not None:
        _check_name(deployed, name)
    elif not deployed.is_local:
        ask_name(deployed, what)


def ask_name(deployed: DeployedStack, what: str) -> None:
    """Ask for the name of the stack, on stderr. Raises DevError if the answer is different."""
    typer.echo(f"This {what} the stack {deployed.name}. Type the stack's name to continue:", err=True)
    _check_name(deployed, sys.stdin.readline().strip())


def _check_name(deployed: DeployedStack, name: str) -> None:
    if name != deployed.name:
        raise DevError(f'The stack\'s name is {deployed.name}, not "{name}". Nothing was changed.')
