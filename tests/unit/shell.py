"""A shell to run `dev` in, as if a stack was where it looks for one."""

import functools
import json
from dataclasses import dataclass
from typing import Any

from mypy_boto3_dynamodb import DynamoDBClient
from typer import testing
from typer.testing import CliRunner, Result

from dev.application.deployed_stack import DeployedStack
from dev.cli import app
from dev.errors import DevError

testing._get_command = functools.cache(testing._get_command)  # type: ignore[attr-defined]
"""Builds `dev` once, which takes longer than most commands."""


@dataclass
class Shell:
    """Runs `dev` with a stack."""

    deployed: DeployedStack
    stage: str = "dev"

    def __call__(self, command: str, typed: str = "") -> Result:
        return CliRunner().invoke(app, command.split(), input=typed)

    def json(self, command: str) -> Any:
        done = self(f"{command} --json")
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)


def error(result: Result) -> str:
    assert isinstance(result.exception, DevError), result.output
    return str(result.exception)


def count(dynamodb: DynamoDBClient, table: str) -> int:
    return dynamodb.scan(TableName=table)["Count"]
