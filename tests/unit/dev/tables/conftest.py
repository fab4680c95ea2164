"""A stack in memory, with the template's tables and all demo data."""

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from dev import in_memory
from dev.tables import demo
from dev.tables.place import Place
from tests.unit.template_facts import TABLES

NAMES = {table: in_memory.physical_name(table) for table in TABLES}


@pytest.fixture
def place(dynamodb: DynamoDBClient) -> Place:
    """A stack whose tables are empty."""
    return Place("in-memory", is_local=True, tables=NAMES, client=in_memory.new_client)


@pytest.fixture
def seeded(place: Place, dynamodb: DynamoDBClient) -> Place:
    """A stack that holds the demo data and nothing else."""
    demo.add_missing(dynamodb, NAMES)
    return place
