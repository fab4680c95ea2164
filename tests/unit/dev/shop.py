"""A small application of the tests' own: three tables, one with an index, a bucket, and two functions.

The package of the functions is not named `orders`, which a feature could be.
"""

from typing import Any


def _table(attributes: str, keys: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    definitions = [{"AttributeName": name, "AttributeType": "S"} for name in attributes.split()]
    common = {"BillingMode": "PAY_PER_REQUEST", "AttributeDefinitions": definitions, "KeySchema": keys}
    return {"Type": "AWS::DynamoDB::Table", "Properties": common | more}


def _function(handler: str) -> dict[str, Any]:
    return {"Type": "AWS::Serverless::Function", "Properties": {"Handler": handler}}


def _keys(partition: str, sort: str | None = None) -> list[dict[str, Any]]:
    keys = [{"AttributeName": partition, "KeyType": "HASH"}]
    return keys + ([{"AttributeName": sort, "KeyType": "RANGE"}] if sort else [])


INDEX = {
    "IndexName": "owner-created_at-index",
    "KeySchema": _keys("owner", "created_at"),
    "Projection": {"ProjectionType": "ALL"},
}
TEMPLATE = {
    "Resources": {
        "OrdersTable": _table(
            "customer_id order_id",
            _keys("customer_id", "order_id"),
            StreamSpecification={"StreamViewType": "NEW_AND_OLD_IMAGES"},
        ),
        "PeopleTable": _table("PersonId", _keys("PersonId")),
        "RequestsTable": _table("id", _keys("id")),
        "FilesTable": _table("id owner created_at", _keys("id"), GlobalSecondaryIndexes=[INDEX]),
        "FilesBucket": {
            "Type": "AWS::S3::Bucket",
            "Properties": {"VersioningConfiguration": {"Status": "Enabled"}},
        },
        "GetOrderFunction": _function("shop_orders.get.handler"),
        "DeleteOrderFunction": _function("shop_orders.delete.handler"),
    }
}
ITEMS = {
    "OrdersTable": [
        {"customer_id": f"CUST-{number}", "order_id": "O-1", "balance": 1500} for number in (1001, 1002, 1003, 1004)
    ],
    "PeopleTable": [{"PersonId": "demo-edsger"}, {"PersonId": "demo-barbara"}],
}
NAMES = {name: name for name in TEMPLATE["Resources"] if name.endswith("Table")}
