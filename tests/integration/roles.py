"""What the role of a function may do, tried for real with its credentials."""

from collections.abc import Callable
from typing import Any

import boto3
from mypy_boto3_dynamodb import DynamoDBClient

from dev.application.stack import Stack, Status
from dev.local_aws.emulator import REGION
from dev.local_aws.template import key_names
from shared.aws import error_code
from tests.grants import GRANTS, OF_LAMBDA
from tests.template_facts import FUNCTION_IDS, FUNCTIONS_BY_ID, TABLES, TEMPLATE


def _own_grants(logical_id: str) -> int:
    """Return how many grants a function has for its own calls."""
    grants = [f"{action} on {place}" for place, actions in GRANTS[logical_id].items() for action in actions]
    return sum(not OF_LAMBDA.fullmatch(grant) for grant in grants)


ONE_OF_EACH_FEATURE = {
    FUNCTIONS_BY_ID[name].name.partition("/")[0]: name for name in sorted(FUNCTION_IDS, key=_own_grants)
}
"""The function with the most grants for its own calls. tests/replay/test_process.py compares all grants with calls."""
SESSION = boto3.Session()
KEYS = key_names(TEMPLATE)
NEVER = {"ConditionExpression": "attribute_exists(nothing_has_this)"}
"""Keeps a write that is allowed from happening."""
ACTIONS: dict[str, Callable[[DynamoDBClient, str, dict[str, Any]], Any]] = {
    "get_item": lambda client, table, key: client.get_item(TableName=table, Key=key),
    "batch_get_item": lambda client, table, key: client.batch_get_item(RequestItems={table: {"Keys": [key]}}),
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


def query_index(client: DynamoDBClient, table: str, index: dict[str, Any]) -> None:
    (key,) = (each["AttributeName"] for each in index["KeySchema"] if each["KeyType"] == "HASH")
    client.query(
        TableName=table,
        IndexName=index["IndexName"],
        KeyConditionExpression="#key = :key",
        ExpressionAttributeNames={"#key": key},
        ExpressionAttributeValues={":key": {"S": "nobody"}},
    )


def allowed(stack: Stack, status: Status, role: str) -> set[tuple[str, str]]:
    """Return every action on a table, or on an index of it, that a role may take."""
    client = client_of_role(stack, role, "dynamodb")
    return {
        (action, table)
        for table, keys in KEYS.items()
        for action, attempt in ACTIONS.items()
        if is_allowed(client, attempt, status.tables[table], {name: {"S": "nobody"} for name in keys})
    } | {
        ("query", f"{table}/index/{index['IndexName']}")
        for table, body in TABLES.items()
        for index in body["Properties"].get("GlobalSecondaryIndexes", [])
        if is_allowed(client, query_index, status.tables[table], index)
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


def role_of(stack: Stack, function: str) -> str:
    """Return the ARN of the role of a deployed function."""
    return str(stack.client("lambda").get_function(FunctionName=function)["Configuration"]["Role"])


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
