"""Settings of tables, as DynamoDB describes them."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def describe(dynamodb: "DynamoDBClient", logical_id: str, name: str) -> dict[str, Any]:
    """Return a table's settings: the output of `dev tables describe --json`."""
    table: Mapping[str, Any] = dynamodb.describe_table(TableName=name)["Table"]
    types = {each["AttributeName"]: each["AttributeType"] for each in table["AttributeDefinitions"]}
    stream = table.get("StreamSpecification", {})
    encryption = table.get("SSEDescription", {})
    return {
        "table": logical_id,
        "name": name,
        "status": table["TableStatus"],
        "keys": _keys(table["KeySchema"], types),
        "indexes": [
            {
                "name": index["IndexName"],
                "keys": _keys(index["KeySchema"], types),
                "projection": index["Projection"]["ProjectionType"],
            }
            for index in table.get("GlobalSecondaryIndexes", [])
        ],
        "billing": table.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED"),
        "stream": stream.get("StreamViewType") if stream.get("StreamEnabled") else None,
        "ttl": _ttl(dynamodb, name),
        "point_in_time_recovery": _has_point_in_time_recovery(dynamodb, name),
        "encryption": encryption.get("SSEType") if encryption.get("Status") in {"ENABLED", "UPDATING"} else None,
        "deletion_protection": table.get("DeletionProtectionEnabled", False),
        "items": table["ItemCount"],
        "bytes": table["TableSizeBytes"],
    }


def summary(dynamodb: "DynamoDBClient", logical_id: str, name: str) -> dict[str, Any]:
    """Return one element of `dev tables list --json`."""
    table = dynamodb.describe_table(TableName=name)["Table"]
    counts = {"items": table["ItemCount"], "bytes": table["TableSizeBytes"]}
    return {"table": logical_id, "name": name, "status": table["TableStatus"], **counts}


def is_protected(dynamodb: "DynamoDBClient", name: str) -> bool:
    """Return whether a table has deletion protection."""
    return dynamodb.describe_table(TableName=name)["Table"].get("DeletionProtectionEnabled", False)


def _keys(schema: Iterable[Mapping[str, Any]], types: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the key attributes, partition key first."""
    in_order = sorted(schema, key=lambda key: str(key["KeyType"]))
    return [
        {"name": key["AttributeName"], "type": types[key["AttributeName"]], "key": key["KeyType"]} for key in in_order
    ]


def _ttl(dynamodb: "DynamoDBClient", name: str) -> str | None:
    """Return the attribute that contains the expiry time of items, or None."""
    ttl = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    return ttl["AttributeName"] if ttl.get("TimeToLiveStatus") in {"ENABLED", "ENABLING"} else None


def _has_point_in_time_recovery(dynamodb: "DynamoDBClient", name: str) -> bool:
    backups = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    return backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"
