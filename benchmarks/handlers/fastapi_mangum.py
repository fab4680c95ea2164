"""Create an item with FastAPI behind Mangum."""

import os

import boto3
from fastapi import FastAPI
from mangum import Mangum
from pydantic import BaseModel, Field

app = FastAPI()
client = boto3.client("dynamodb")


class Item(BaseModel):
    id: str = Field(min_length=1, max_length=64)
    name: str = Field(min_length=1, max_length=256)
    kind: str


@app.post("/items", status_code=201)
def create(item: Item) -> Item:
    client.put_item(
        TableName=os.environ["BARE_TABLE"],
        Item={name: {"S": value} for name, value in item.model_dump().items()},
        ConditionExpression="attribute_not_exists(id)",
    )
    return item


handler = Mangum(app, lifespan="off")
