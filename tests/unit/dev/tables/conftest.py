"""A stack in memory with the tables of the tests' own application."""

from collections.abc import Iterator

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from dev.application import demo_data, in_process
from dev.tables import place as places
from dev.tables.place import Place
from tests.unit.conftest import SESSION
from tests.unit.dev import shop
from tests.unit.empty_aws import empty_aws


@pytest.fixture(autouse=True)
def _shop(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The shop in the place of the application."""
    monkeypatch.setattr(places, "load_template", lambda: shop.TEMPLATE)
    monkeypatch.setattr(demo_data, "ITEMS", shop.ITEMS)
    _forget_template()
    yield
    _forget_template()


def _forget_template() -> None:
    places.template.cache_clear()
    places.key_attributes.cache_clear()


@pytest.fixture
def dynamodb() -> Iterator[DynamoDBClient]:
    """The tables of the shop, empty."""
    with empty_aws(shop.TEMPLATE):
        yield in_process.client("dynamodb")


@pytest.fixture
def place(dynamodb: DynamoDBClient) -> Place:
    """A stack whose tables are empty."""
    return Place("in-memory", is_local=True, tables=shop.NAMES, client=SESSION.create_client)


@pytest.fixture
def seeded(place: Place, dynamodb: DynamoDBClient) -> Place:
    """A stack that holds the demo data of the shop and nothing else."""
    demo_data.add_missing(dynamodb, shop.NAMES)
    return place
