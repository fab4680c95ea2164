"""Events of each source: the shapes of `sam local generate-event`, filled with a caller's or an example's data."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dev.events.scrub import ACCOUNT
from dev.events.sources import Application, Authorizer, Notification, Route, Stream
from dev.replay.cases import MARK

type Event = dict[str, Any]

_DOMAIN = "abcdef1234.execute-api.us-east-1.amazonaws.com"
CUSTOMER = f"EXAMPLE-{MARK}"
CLAIMS = {
    "sub": f"11111111-2222-4333-8444-{MARK}",
    "iss": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Example00",
    "aud": "exampleclientid",
    "token_use": "id",
    "email": "fixture@example.com",
    "email_verified": "true",
    "auth_time": "1795248000",
    "exp": "Sat Nov 21 09:00:00 UTC 2026",
    "iat": "Sat Nov 21 08:00:00 UTC 2026",
    "custom:customer_id": CUSTOMER,
}
"""Claims of a user's ID token, as API Gateway passes them on."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a client sends to a route, and the claims of its token."""

    parameters: Mapping[str, str]
    body: str | None = None
    is_base64: bool = False
    headers: Mapping[str, str] | None = None
    query: Mapping[str, str] | None = None
    claims: Mapping[str, Any] | None = None
    context: Mapping[str, Any] | None = None
    """Fields of the request context, such as the time."""


def route_event(application: Application, route: Route, request: Request) -> Event:
    """Return the event of a request to a route."""
    path = re.sub(r"\{(\w+)\}", lambda match: request.parameters[match[1]], route.resource)
    headers = {"Accept": "application/json", **(request.headers or {})}
    if route.has_authorizer:
        headers["Authorization"] = "Bearer id-token"
    event = _generated("apigateway", "aws-proxy", resource=route.resource, method=route.method, stage=route.stage)
    context = event["requestContext"] | {
        "apiId": _DOMAIN.partition(".")[0],
        "domainName": _DOMAIN,
        "path": f"/{route.stage}{path}",
        **(request.context or {}),
    }
    context["identity"] |= {"sourceIp": "192.0.2.1", "userAgent": "fixture"}
    if route.has_authorizer:
        context["authorizer"] = {"claims": dict(request.claims or CLAIMS)}
    return event | {
        "path": path,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": request.query or None,
        "multiValueQueryStringParameters": {name: [value] for name, value in (request.query or {}).items()} or None,
        "pathParameters": dict(request.parameters) or None,
        "stageVariables": {name: _stage_variable(name, route.stage) for name in application.stage_variables} or None,
        "requestContext": context,
        "body": request.body,
        "isBase64Encoded": request.is_base64,
    }


def _stage_variable(name: str, stage: str) -> str:
    return f"https://{_DOMAIN}/{stage}" if name.endswith("Url") else name.removesuffix("Table").lower()


def stream_record(stream: Stream, change: Mapping[str, Any], **fields: Any) -> Event:
    """Return a record of a stream. `change` replaces fields of its `dynamodb`, without images that the view lacks."""
    record: Event = _generated("dynamodb", "update", table=stream.table_name)["Records"][0]
    common = {name: value for name, value in record["dynamodb"].items() if name not in {"Keys", "NewImage"}}
    return record | fields | {"dynamodb": {**common, "StreamViewType": stream.view, **change}}


def object_record(notification: Notification, key: str, content: Mapping[str, Any], **fields: Any) -> Event:
    """Return a record of an object. `key` is URL-encoded; `content` replaces fields of the object."""
    bucket = notification.bucket.lower()
    record: Event = _generated("s3", "put", bucket=bucket)["Records"][0]
    record["s3"]["object"] |= {"key": key, **content}
    record["requestParameters"] = {"sourceIPAddress": "192.0.2.1"}
    return record | fields


def token_event(authorizer: Authorizer, path: str, token: str) -> Event:
    """Return the event of a token authorizer. `path` is that of the request."""
    api = {"restApiId": _DOMAIN.partition(".")[0], "stage": authorizer.stage}
    return _generated("apigateway", "authorizer", method=authorizer.method, resource=path.lstrip("/"), **api) | {
        "authorizationToken": token
    }


def _generated(service: str, name: str, **values: str) -> Event:
    """Return an event of SAM's library, in us-east-1."""
    from samcli.lib.generated_sample_events.events import Events  # type: ignore[import-untyped]

    common = {"account_id": ACCOUNT, "region": "us-east-1", "partition": "aws", "querystringparameters": "{}"}
    event: Event = json.loads(Events().generate_event(service, name, common | values))
    return event
