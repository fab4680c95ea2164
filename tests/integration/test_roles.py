"""What each function's own role may do with each table, tried for real with the role's credentials."""

from collections.abc import Callable
from typing import Any

import boto3
import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from dev.stack import Stack, Status
from dev.stored import key_names
from dev.template import functions, load_template
from shared.aws import error_code

TEMPLATE = load_template()
KEYS = key_names(TEMPLATE)
PRODUCTS, IDEMPOTENCY = "ProductsTable", "IdempotencyTable"
GRANTS = {
    "AuthorizeFunction": set[tuple[str, str]](),
    "CreateProductFunction": {
        ("put_item", PRODUCTS),
        ("get_item", IDEMPOTENCY),
        ("put_item", IDEMPOTENCY),
        ("update_item", IDEMPOTENCY),
        ("delete_item", IDEMPOTENCY),
    },
    "ListProductsFunction": {("query", PRODUCTS)},
    "GetProductFunction": {("get_item", PRODUCTS)},
    "UpdateProductFunction": {("update_item", PRODUCTS)},
    "DeleteProductFunction": {("delete_item", PRODUCTS)},
    "OnProductChangeFunction": set[tuple[str, str]](),
    "OnUserChangeFunction": set[tuple[str, str]](),
}
NEVER = {"ConditionExpression": "attribute_exists(nothing_has_this)"}
"""Keeps a write that is allowed from happening."""
ACTIONS: dict[str, Callable[[DynamoDBClient, str, dict[str, Any]], Any]] = {
    "get_item": lambda client, table, key: client.get_item(TableName=table, Key=key),
    "put_item": lambda client, table, key: client.put_item(TableName=table, Item=key, **NEVER),  # type: ignore[arg-type]
    "update_item": lambda client, table, key: client.update_item(
        TableName=table,
        Key=key,
        UpdateExpression="SET a = :a",
        ExpressionAttributeValues={":a": {"S": "a"}},
        **NEVER,  # type: ignore[arg-type]
    ),
    "delete_item": lambda client, table, key: client.delete_item(TableName=table, Key=key, **NEVER),  # type: ignore[arg-type]
    "query": lambda client, table, key: client.query(
        TableName=table,
        KeyConditionExpression="#pk = :pk",
        ExpressionAttributeNames={"#pk": next(iter(key))},
        ExpressionAttributeValues={":pk": next(iter(key.values()))},
    ),
    "scan": lambda client, table, key: client.scan(TableName=table, Limit=1),
}


def test_every_function_is_in_the_matrix() -> None:
    assert set(GRANTS) == set(functions(TEMPLATE))


@pytest.mark.parametrize("logical_id", GRANTS)
def test_role_may_do_this_and_nothing_else(stack: Stack, status: Status, logical_id: str) -> None:
    client = as_role_of(stack, status.functions[logical_id])

    allowed = {
        (action, table)
        for table in KEYS
        for action, attempt in ACTIONS.items()
        if is_allowed(client, attempt, status.tables[table], {name: {"S": "nobody"} for name in KEYS[table]})
    }

    assert allowed == GRANTS[logical_id]


def is_allowed(client: DynamoDBClient, attempt: Callable[..., Any], table: str, key: dict[str, Any]) -> bool:
    try:
        attempt(client, table, key)
    except client.exceptions.ConditionalCheckFailedException:
        return True
    except client.exceptions.ClientError as error:
        if error_code(error) != "AccessDeniedException":
            raise
        return False
    return True


def as_role_of(stack: Stack, function_name: str) -> DynamoDBClient:
    role = stack.client("lambda").get_function(FunctionName=function_name)["Configuration"]["Role"]
    credentials = stack.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    session = boto3.Session(
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
        region_name=stack.status().region,
    )
    return session.client("dynamodb", endpoint_url=stack.emulator.endpoint_url)
