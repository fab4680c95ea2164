"""API Gateway events for unit tests, and calls of handlers with them."""

import json
from decimal import Decimal
from typing import Any

from dev.application.in_process import lambda_context

OWNER = {"sub": "owner-sub", "token_use": "id", "custom:customer_id": "CUST-1", "email": "canary@example.com"}
STAFF = {"sub": "staff-sub", "token_use": "id", "cognito:groups": "staff"}


def api_event(
    body: Any = None,
    *,
    product_id: str | None = None,
    customer_id: str = "CUST-1",
    headers: dict[str, str] | None = None,
    query: dict[str, str] | None = None,
    claims: dict[str, Any] | None = None,
    request_id: str = "request-1",
) -> dict[str, Any]:
    """Return a REST proxy event; `body` is sent as it is if it is text, else as JSON."""
    path = {"customer_id": customer_id} | ({"product_id": product_id} if product_id else {})
    return {
        "headers": headers or {},
        "queryStringParameters": query,
        "pathParameters": path,
        "requestContext": {
            "path": f"/v1/customers/{customer_id}/products",
            "requestId": request_id,
            "authorizer": {"claims": OWNER if claims is None else claims},
        },
        "body": body if body is None or isinstance(body, str) else json.dumps(body),
        "isBase64Encoded": False,
    }


def call(handler: Any, event: dict[str, Any]) -> tuple[int, Any, dict[str, str]]:
    """Return status, parsed body and headers of a handler's answer."""
    answer = handler(event, lambda_context())
    return answer["statusCode"], json.loads(answer["body"] or "null", parse_float=Decimal), answer["headers"]
