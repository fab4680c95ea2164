"""Demo data: such as functions write, and never put twice."""

from typing import Any

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from dev.application import demo_data
from dev.local_aws.template import key_names
from media.links import token_hash
from media.model import Media
from messages.model import Message, MessageGroup
from products.model import Product
from tests.template_facts import TEMPLATE
from tests.unit.dev.conftest import NAMES

MESSAGES = demo_data.ITEMS["MessagesTable"]


@pytest.mark.parametrize("item", [demo_data.attribute_values(item) for item in demo_data.ITEMS["ProductsTable"]])
def test_product_is_as_functions_write_it(item: dict[str, Any]) -> None:
    assert Product.from_item(item).to_item() == item


@pytest.mark.parametrize("item", [demo_data.attribute_values(item) for item in demo_data.ITEMS["MediaTable"]])
def test_media_is_as_functions_write_it(item: dict[str, Any]) -> None:
    assert Media.from_item(item).to_item() == item


@pytest.mark.parametrize("item", [demo_data.attribute_values(item) for item in MESSAGES[3:]])
def test_message_is_as_functions_write_it(item: dict[str, Any]) -> None:
    assert Message.from_item(item).to_item() == item


def test_message_group_and_its_rows_are_as_functions_write_them() -> None:
    newest = Message.from_item(demo_data.attribute_values(demo_data.NEWEST))

    group = MessageGroup.from_item(demo_data.attribute_values(MESSAGES[0]))

    written = [group.to_item(), *group.rows(newest)]
    assert [sorted_sets(item) for item in written] == [
        sorted_sets(demo_data.attribute_values(item)) for item in MESSAGES[:3]
    ]


def sorted_sets(item: dict[str, Any]) -> dict[str, Any]:
    return {name: {"SS": sorted(value["SS"])} if "SS" in value else value for name, value in item.items()}


def test_demo_link_is_the_demo_token_s() -> None:
    assert token_hash(demo_data.TOKEN) == demo_data.LINK_ID


def test_every_table_has_its_entry_and_each_item_its_partition_key_first() -> None:
    keys = {table: names[0] for table, names in key_names(TEMPLATE).items()}

    assert demo_data.ITEMS.keys() == keys.keys()
    assert all(next(iter(item)) == keys[table] for table, items in demo_data.ITEMS.items() for item in items)


def test_only_what_is_missing_is_added(dynamodb: DynamoDBClient) -> None:
    everything = demo_data.add_missing(dynamodb, NAMES)
    dynamodb.delete_item(TableName="UsersTable", Key={"UserId": {"S": "demo-edsger"}})

    again = demo_data.add_missing(dynamodb, NAMES)

    assert everything == {
        "IdempotencyTable": 0,
        "ProductsTable": 4,
        "UsersTable": 2,
        "MediaTable": 2,
        "MessagesTable": 6,
    }
    assert again == {"IdempotencyTable": 0, "ProductsTable": 0, "UsersTable": 1, "MediaTable": 0, "MessagesTable": 0}


def test_existing_items_are_not_changed(dynamodb: DynamoDBClient) -> None:
    changed = demo_data.attribute_values({**demo_data.ITEMS["UsersTable"][0], "name": "Somebody"})
    dynamodb.put_item(TableName="UsersTable", Item=changed)

    demo_data.add_missing(dynamodb, {"UsersTable": "UsersTable"})

    found = dynamodb.get_item(TableName="UsersTable", Key={"UserId": {"S": "demo-edsger"}})
    assert found["Item"]["name"] == {"S": "Somebody"}


def test_table_that_holds_anything_is_not_filled(dynamodb: DynamoDBClient) -> None:
    one = demo_data.attribute_values(demo_data.ITEMS["ProductsTable"][0])
    dynamodb.put_item(TableName="ProductsTable", Item=one)

    demo_data.fill_if_empty(dynamodb, "ProductsTable", "ProductsTable")

    assert dynamodb.scan(TableName="ProductsTable")["Count"] == 1
