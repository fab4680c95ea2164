"""Access patterns of the users table: API Gateway's own calls, as its mapping templates write them."""

import json
import os
from typing import Any

from botocore import xform_name

from dev.application.access_patterns.pattern import Pattern
from dev.application.project import load_openapi
from dev.local_aws.apigateway.contract import direct_routes
from dev.local_aws.apigateway.vtl import render
from shared.aws import dynamodb_client

_dynamodb = dynamodb_client()
_ROUTES = direct_routes(load_openapi())


def _ask(route: str, *, query: dict[str, str] | None = None, user: dict[str, str] | None = None) -> Any:
    """Render the route's template for the first demo user and its owner, and send the request."""
    method, path = route.split()
    direct = _ROUTES[method, path]
    owner = "demo-carol"
    rendered = render(
        direct.request_templates["application/json"],
        body=user,
        params={"path": {"user_id": "demo-edsger"}, "querystring": query or {}, "header": {}},
        context={
            "requestTime": "01/Jan/2026:00:00:00 +0000",
            "authorizer": {"sub": owner, "claims": {"sub": owner}},
        },
        stage_variables={"UsersTable": os.environ["UsersTable"]},  # noqa: SIM112 - named as the stage variable is
    )
    return getattr(_dynamodb, xform_name(direct.action))(**json.loads(rendered.text))


def _pattern(name: str, route: str, **request: Any) -> Pattern:
    return Pattern(name, route, lambda: _ask(route, **request))


TABLE = "UsersTable"
SCANS = {"list-users", "list-users-next-page"}
"""The patterns that read the whole table, page by page."""
PATTERNS = (
    _pattern("put-user", "PUT /users/{user_id}", user={"name": "Edsger W. Dijkstra", "email": "edsger@example.com"}),
    _pattern("get-user", "GET /users/{user_id}"),
    _pattern("list-users", "GET /users"),
    _pattern("list-users-next-page", "GET /users", query={"limit": "1", "cursor": "demo-barbara"}),
    _pattern("delete-user", "DELETE /users/{user_id}"),
)
