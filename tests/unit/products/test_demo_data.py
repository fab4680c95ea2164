"""Demo data of products: such as functions write."""

from typing import Any

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from dev.application import demo_data
from products.model import Product


@pytest.mark.parametrize("item", [demo_data.attribute_values(item) for item in demo_data.ITEMS["ProductsTable"]])
def test_product_is_as_functions_write_it(item: dict[str, Any]) -> None:
    assert Product.from_item(item).to_item() == item


def test_table_that_holds_anything_is_not_filled(dynamodb: DynamoDBClient) -> None:
    one = demo_data.attribute_values(demo_data.ITEMS["ProductsTable"][0])
    dynamodb.put_item(TableName="ProductsTable", Item=one)

    demo_data.fill_if_empty(dynamodb, "ProductsTable", "ProductsTable")

    assert dynamodb.scan(TableName="ProductsTable")["Count"] == 1
