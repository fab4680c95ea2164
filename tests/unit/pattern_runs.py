"""Access patterns run in memory, and what the tables hold then."""

from mypy_boto3_dynamodb import DynamoDBClient

from dev.application.deployed_stack import DeployedStack
from dev.local_aws.template import key_names
from dev.replay.table_state import Items, Tables
from dev.tables import patterns
from dev.tables.patterns import PatternRun
from tests.template_facts import TEMPLATE
from tests.unit.conftest import NAMES


def contents(dynamodb: DynamoDBClient) -> Items:
    return Tables(dynamodb, NAMES, key_names(TEMPLATE)).read()


def outcomes(deployed: DeployedStack, table: str, *, read_only: bool = False) -> dict[str, PatternRun]:
    return {each.pattern.name: each for each in patterns.run(deployed, [table], read_only=read_only)}
