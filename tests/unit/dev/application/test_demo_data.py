"""Demo data: never put twice."""

from mypy_boto3_dynamodb import DynamoDBClient

from dev.application import demo_data
from dev.local_aws.template import key_names
from tests.template_facts import TABLES, TEMPLATE
from tests.unit.conftest import NAMES


def test_each_item_has_the_partition_key_of_its_table_first() -> None:
    keys = {table: names[0] for table, names in key_names(TEMPLATE).items()}

    assert demo_data.ITEMS.keys() <= keys.keys()
    assert all(next(iter(item)) == keys[table] for table, items in demo_data.ITEMS.items() for item in items)


def test_only_what_is_missing_is_added(dynamodb: DynamoDBClient) -> None:
    sizes = {table: len(demo_data.ITEMS.get(table, [])) for table in TABLES}
    table = next(table for table, size in sizes.items() if size)

    everything = demo_data.add_missing(dynamodb, NAMES)
    item = dynamodb.scan(TableName=table)["Items"][0]
    dynamodb.delete_item(TableName=table, Key={name: item[name] for name in key_names(TEMPLATE)[table]})
    again = demo_data.add_missing(dynamodb, NAMES)

    assert everything == sizes
    assert again == dict.fromkeys(sizes, 0) | {table: 1}
