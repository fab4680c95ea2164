"""A stack in memory with the tables of the tests' own application."""

from collections.abc import Iterator

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from dev.application import demo_data, deployed_stack, in_process
from dev.application.deployed_stack import DeployedStack
from dev.tables import patterns
from tests.unit.dev import shop
from tests.unit.empty_aws import empty_aws


@pytest.fixture(autouse=True)
def _shop(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The shop in the place of the application."""
    monkeypatch.setattr(deployed_stack, "load_template", lambda: shop.TEMPLATE)
    monkeypatch.setattr(demo_data, "ITEMS", shop.ITEMS)
    monkeypatch.setattr(patterns, "catalogue", dict)
    _forget_template()
    yield
    _forget_template()


def _forget_template() -> None:
    deployed_stack.template.cache_clear()
    deployed_stack.key_attributes.cache_clear()


@pytest.fixture
def dynamodb() -> Iterator[DynamoDBClient]:
    """The tables of the shop, empty."""
    with empty_aws(shop.TEMPLATE):
        yield in_process.client("dynamodb")


@pytest.fixture
def deployed(dynamodb: DynamoDBClient) -> DeployedStack:
    """A stack whose tables are empty."""
    return DeployedStack(
        "in-memory", is_local=True, resources={"AWS::DynamoDB::Table": shop.NAMES}, client=in_process.client
    )


@pytest.fixture
def seeded(deployed: DeployedStack, dynamodb: DynamoDBClient) -> DeployedStack:
    """A stack that holds the demo data of the shop and nothing else."""
    demo_data.add_missing(dynamodb, shop.NAMES)
    return deployed
