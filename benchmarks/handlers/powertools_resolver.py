"""Create an item with Powertools' resolver, pydantic and idempotency, as many applications do."""

import os
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer, IdempotencyConfig, idempotent
from pydantic import BaseModel, Field

logger = Logger(service="benchmark")
tracer = Tracer(service="benchmark")
metrics = Metrics(namespace="benchmark", service="benchmark")
app = APIGatewayRestResolver(enable_validation=True)
client = boto3.client("dynamodb")
records = DynamoDBPersistenceLayer(table_name=os.environ["BARE_TABLE"])
config = IdempotencyConfig(event_key_jmespath='headers."Idempotency-Key"')


class Item(BaseModel):
    id: str = Field(min_length=1, max_length=64)
    name: str = Field(min_length=1, max_length=256)
    kind: str


@app.post("/items")
def create(item: Item) -> Item:
    client.put_item(
        TableName=os.environ["BARE_TABLE"],
        Item={name: {"S": value} for name, value in item.model_dump().items()},
        ConditionExpression="attribute_not_exists(id)",
    )
    return item


@logger.inject_lambda_context
@metrics.log_metrics
@tracer.capture_lambda_handler(capture_response=False)
@idempotent(persistence_store=records, config=config)
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return app.resolve(event, context)
