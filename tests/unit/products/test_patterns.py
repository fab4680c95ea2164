"""Access patterns of products, run on the demo data."""

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from dev.application import demo_data
from dev.application.deployed_stack import DeployedStack
from dev.tables import patterns
from tests.unit.pattern_runs import contents, outcomes
from tests.unit.shell import Shell, error


def test_request_is_the_one_that_the_function_sends(seeded: DeployedStack) -> None:
    found = outcomes(seeded, "ProductsTable")["list-products"].to_json()

    assert found["requests"] == [
        {
            "operation": "Query",
            "request": {
                "TableName": "ProductsTable",
                "KeyConditionExpression": "customer_id = :customer_id",
                "ExpressionAttributeValues": {":customer_id": {"S": "CUST-1001"}},
                "Limit": 25,
            },
            "sent": True,
            "capacity_units": 1,
            "capacity_units_by_index": {},
            "items": [
                {
                    "customer_id": "CUST-1001",
                    "product_id": "SAV-01",
                    "product_type": "savings",
                    "balance": 1500,
                    "version": 1,
                    "created_at": "2026-01-01T00:00:00.000Z",
                    "updated_at": "2026-01-01T00:00:00.000Z",
                }
            ],
            "error": None,
        }
    ]


def test_missing_demo_data_are_named(deployed: DeployedStack) -> None:
    assert outcomes(deployed, "ProductsTable", read_only=True)["get-product"].rejected == "ProductNotFoundError"


def test_everything_is_put_back_when_a_pattern_breaks(
    seeded: DeployedStack, dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(dynamodb)
    monkeypatch.setattr("products.model.Product.from_item", None)  # reads the answer of an update

    with pytest.raises(TypeError):
        list(patterns.run(seeded, ["ProductsTable"]))

    assert contents(dynamodb) == before


def test_pattern_that_does_not_find_what_it_needs_is_a_failure(shell: Shell, dynamodb: DynamoDBClient) -> None:
    taken = {**demo_data.ITEMS["ProductsTable"][0], "product_id": "DEV-TABLES"}
    dynamodb.put_item(TableName="ProductsTable", Item=demo_data.attribute_values(taken))

    done = shell("tables patterns products")

    assert "failed with ProductExistsError" in done.stdout
    assert error(done).startswith("A pattern failed, because demo data was changed.")
