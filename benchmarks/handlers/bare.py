"""A short handler that reads an item with boto3."""

import json
import os
from typing import Any

import boto3

client = boto3.client("dynamodb")


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    answer = client.get_item(TableName=os.environ["BARE_TABLE"], Key={"id": {"S": event["id"]}})
    if "Item" not in answer:
        return {"statusCode": 404, "body": json.dumps({"message": "not found"})}
    item = {name: value["S"] for name, value in answer["Item"].items()}
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps(item),
    }
