"""A function behind a proxy integration that does the work of API Gateway's direct integration.

In API Gateway's order: validate the body against its model, choose a request template by media type, render
it, call DynamoDB, choose a response by status, render it. API keys, authorizers and throttling are before it,
in the emulator's gateway.
"""

import functools
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft4Validator

from dev.local_aws.apigateway import dynamodb
from dev.local_aws.apigateway.contract import DirectRoute, IntegrationResponse, direct_routes
from dev.local_aws.apigateway.vtl import Rendered, render

DOCUMENT = Path(__file__).parent / "openapi.yaml"
"""api/openapi.yaml, copied here for the deployment."""

type Answer = dict[str, Any]


def handler(event: Mapping[str, Any], _context: object) -> Answer:
    """Answer a REST proxy event of a direct route."""
    document = _document()
    route = direct_routes(document)[event["httpMethod"], event["resource"]]
    names = _names(event)
    media_type = _media_type(event["headers"] or {})

    if route.body_schema is not None and media_type == "application/json":
        body = _parse(event["body"] or "")
        if not Draft4Validator(route.body_schema).is_valid(body):
            return _gateway_response(document, "BAD_REQUEST_BODY", names)
    else:
        body = None
    if media_type not in route.request_templates:
        return _gateway_response(document, "UNSUPPORTED_MEDIA_TYPE", names)
    request = render(route.request_templates[media_type], body=body, **names)
    return _answer(route, names, *dynamodb.call(route.action, request.text))


def _answer(route: DirectRoute, names: Mapping[str, Any], status: int, answer: Mapping[str, Any]) -> Answer:
    response = route.response_to(status)
    rendered = render(response.template, body=answer, **names)
    return {
        "statusCode": rendered.status or response.status,
        "headers": _headers(response, rendered, names["context"]),
        "body": rendered.text.strip(),
    }


def _headers(response: IntegrationResponse, rendered: Rendered, context: Mapping[str, Any]) -> dict[str, str]:
    mapped = {name: _mapped(source, context) for name, source in response.headers.items()}
    return {"Content-Type": "application/json"} | mapped | dict(rendered.headers)


def _mapped(source: str, context: Mapping[str, Any]) -> str:
    """Return the value of a parameter mapping: a literal in single quotes, or a name in `$context`."""
    return str(context[source.removeprefix("context.")]) if source.startswith("context.") else source.strip("'")


def _names(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return the variables of mapping templates except the body."""
    context = event["requestContext"]
    received = datetime.fromtimestamp(context["requestTimeEpoch"] / 1000, UTC)
    return {
        "params": {
            "path": event["pathParameters"] or {},
            "querystring": event["queryStringParameters"] or {},
            "header": event["headers"] or {},
        },
        "context": {
            "requestId": context["requestId"],
            "requestTime": received.strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "requestTimeEpoch": context["requestTimeEpoch"],
            "authorizer": context.get("authorizer") or {},
        },
        "stage_variables": event["stageVariables"] or {},
    }


def _media_type(headers: Mapping[str, str]) -> str:
    """Return the Content-Type without parameters. Without one, API Gateway assumes JSON."""
    given = next((value for name, value in headers.items() if name.lower() == "content-type"), "application/json")
    return given.partition(";")[0].strip().lower()


def _parse(text: str) -> Any:
    """Return the JSON in a body, or None if it is not JSON. No schema here accepts null."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _gateway_response(document: Mapping[str, Any], name: str, names: Mapping[str, Any]) -> Answer:
    response = document["x-amazon-apigateway-gateway-responses"][name]
    context = names["context"]
    (template,) = response["responseTemplates"].values()
    return {
        "statusCode": response["statusCode"],
        "headers": {
            header.removeprefix("gatewayresponse.header."): _mapped(source, context)
            for header, source in response["responseParameters"].items()
        },
        "body": template.replace("$context.requestId", context["requestId"]),
    }


@functools.cache
def _document() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(DOCUMENT.read_text())
    return document
