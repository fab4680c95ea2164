"""Short handlers that make the call of a product function with boto3, for warm responses."""

import json
import os
from collections.abc import Mapping
from typing import Any

import boto3

client = boto3.client("dynamodb")


def create(event: dict[str, Any], _context: object) -> dict[str, Any]:
    body = json.loads(event["body"])
    item = {"customer_id": {"S": event["pathParameters"]["customer_id"]}} | {
        name: {"N": str(value)} if isinstance(value, int | float) else {"S": value} for name, value in body.items()
    }
    client.put_item(
        TableName=os.environ["PRODUCTS_TABLE"], Item=item, ConditionExpression="attribute_not_exists(product_id)"
    )
    return _response(201, body)


def get(event: dict[str, Any], _context: object) -> dict[str, Any]:
    answer = client.get_item(TableName=os.environ["PRODUCTS_TABLE"], Key=_key(event))
    return _response(200, _values(answer["Item"]))


def list(event: dict[str, Any], _context: object) -> dict[str, Any]:  # noqa: A001 - named as its route
    answer = client.query(
        TableName=os.environ["PRODUCTS_TABLE"],
        KeyConditionExpression="customer_id = :customer_id",
        ExpressionAttributeValues={":customer_id": {"S": event["pathParameters"]["customer_id"]}},
    )
    return _response(200, {"items": [_values(item) for item in answer["Items"]]})


def update(event: dict[str, Any], _context: object) -> dict[str, Any]:
    body = json.loads(event["body"])
    answer = client.update_item(
        TableName=os.environ["PRODUCTS_TABLE"],
        Key=_key(event),
        UpdateExpression="SET product_type = :product_type, version = version + :one",
        ConditionExpression="attribute_exists(product_id)",
        ExpressionAttributeValues={":product_type": {"S": body["product_type"]}, ":one": {"N": "1"}},
        ReturnValues="ALL_NEW",
    )
    return _response(200, _values(answer["Attributes"]))


def delete(event: dict[str, Any], _context: object) -> dict[str, Any]:
    client.delete_item(
        TableName=os.environ["PRODUCTS_TABLE"], Key=_key(event), ConditionExpression="attribute_exists(product_id)"
    )
    return _response(204, None)


def _key(event: dict[str, Any]) -> dict[str, Any]:
    return {name: {"S": event["pathParameters"][name]} for name in ("customer_id", "product_id")}


def _values(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value["S"] if "S" in value else float(value["N"]) for name, value in item.items()}


def _response(status: int, body: object) -> dict[str, Any]:
    return {"statusCode": status, "headers": {"Content-Type": "application/json"}, "body": json.dumps(body)}
