"""What each role may do with each table and bucket, tried for real with its credentials."""

from collections.abc import Callable
from typing import Any

import boto3
from mypy_boto3_dynamodb import DynamoDBClient

from dev.application.project import load_template
from dev.application.stack import Stack, Status
from dev.local_aws.emulator import REGION
from dev.local_aws.template import functions, key_names
from shared.aws import error_code

SESSION = boto3.Session()
TEMPLATE = load_template()
KEYS = key_names(TEMPLATE)
PRODUCTS, IDEMPOTENCY, USERS, MEDIA = "ProductsTable", "IdempotencyTable", "UsersTable", "MediaTable"
MESSAGES = "MessagesTable"
INDEX = "owner-created_at-index"
GRANTS = {
    "AuthorizeFunction": set[tuple[str, str]](),
    "CreateProductFunction": {("put_item", PRODUCTS), ("put_item", IDEMPOTENCY)},
    "ListProductsFunction": {("query", PRODUCTS)},
    "GetProductFunction": {("get_item", PRODUCTS)},
    "UpdateProductFunction": {("update_item", PRODUCTS)},
    "DeleteProductFunction": {("delete_item", PRODUCTS)},
    "OnProductChangeFunction": set[tuple[str, str]](),
    "OnUserChangeFunction": set[tuple[str, str]](),
    "PageMediaFunction": set[tuple[str, str]](),
    "UploadMediaFunction": {("put_item", MEDIA)},
    "PresignMediaFunction": {("put_item", MEDIA)},
    "ListMediaFunction": {("query_index", MEDIA)},
    "GetMediaFunction": {("get_item", MEDIA)},
    "DeleteMediaFunction": {("get_item", MEDIA), ("delete_item", MEDIA)},
    "DownloadMediaFunction": {("update_item", MEDIA)},
    "StatsMediaFunction": {("get_item", MEDIA)},
    "ShareMediaFunction": {("update_item", MEDIA)},
    "UnshareMediaFunction": {("update_item", MEDIA)},
    "FollowMediaLinkFunction": {("update_item", MEDIA)},
    "OnMediaUploadFunction": {("get_item", MEDIA), ("update_item", MEDIA)},
    "CreateMessageGroupFunction": {("put_item", MESSAGES), ("put_item", IDEMPOTENCY)},
    "ListMessageGroupsFunction": {("query", MESSAGES)},
    "ListMessagesFunction": {("get_item", MESSAGES), ("query", MESSAGES)},
    "CreateMessageFunction": {("get_item", MESSAGES), ("put_item", MESSAGES), ("put_item", IDEMPOTENCY)},
    "OnMessageFunction": {(action, MESSAGES) for action in ("get_item", "update_item", "delete_item", "put_item")},
}
INTEGRATION_ROLE = "UsersIntegrationRole"
INTEGRATION_GRANTS = {("put_item", USERS), ("get_item", USERS), ("scan", USERS), ("delete_item", USERS)}
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
INDEXED: dict[str, Callable[[DynamoDBClient, str, dict[str, Any]], Any]] = {
    "query_index": lambda client, table, key: client.query(
        TableName=table,
        IndexName=INDEX,
        KeyConditionExpression="#owner = :owner",
        ExpressionAttributeNames={"#owner": "owner"},
        ExpressionAttributeValues={":owner": {"S": "nobody"}},
    ),
}


def test_functions_have_exactly_these_permissions(stack: Stack, status: Status) -> None:
    roles = {
        logical_id: stack.client("lambda").get_function(FunctionName=name)["Configuration"]["Role"]
        for logical_id, name in status.functions.items()
        if logical_id in functions(TEMPLATE)
    }

    assert {logical_id: allowed(stack, status, role) for logical_id, role in roles.items()} == GRANTS


def test_direct_integrations_have_exactly_these_permissions(stack: Stack, status: Status) -> None:
    name = stack.resources()["AWS::IAM::Role"][INTEGRATION_ROLE]
    role = stack.client("iam").get_role(RoleName=name)["Role"]["Arn"]

    assert allowed(stack, status, role) == INTEGRATION_GRANTS


def allowed(stack: Stack, status: Status, role: str) -> set[tuple[str, str]]:
    """Return every action on a table that a role may take."""
    client = client_of_role(stack, role, "dynamodb")
    return {
        (action, table)
        for table in KEYS
        for action, attempt in (ACTIONS | (INDEXED if table == MEDIA else {})).items()
        if is_allowed(client, attempt, status.tables[table], {name: {"S": "nobody"} for name in KEYS[table]})
    }


def is_allowed(client: Any, attempt: Callable[..., Any], *arguments: Any) -> bool:
    try:
        attempt(client, *arguments)
    except client.exceptions.ClientError as error:
        if error_code(error) in {"ConditionalCheckFailedException", "NoSuchKey", "NoSuchVersion"}:
            return True
        if error_code(error) not in {"AccessDeniedException", "AccessDenied"}:
            raise
        return False
    return True


def client_of_role(stack: Stack, role: str, service: str) -> Any:
    """Return a client of the emulator with a role's credentials. Its session is shared: to make one takes long."""
    credentials = stack.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    return SESSION.client(
        service,  # type: ignore[call-overload]
        endpoint_url=stack.emulator.endpoint_url,
        region_name=REGION,
        aws_access_key_id=credentials["AccessKeyId"],
        aws_secret_access_key=credentials["SecretAccessKey"],
        aws_session_token=credentials["SessionToken"],
    )
