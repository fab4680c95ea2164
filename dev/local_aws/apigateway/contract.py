"""Direct routes of the OpenAPI document: models, mapping templates and responses."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_METHODS = {"get", "put", "post", "patch", "delete"}
_JSON = "application/json"


@dataclass(frozen=True, slots=True)
class IntegrationResponse:
    """One answer of DynamoDB, turned into one of the API: status, headers (literals and context) and template."""

    pattern: str
    status: int
    headers: Mapping[str, str]
    template: str


@dataclass(frozen=True, slots=True)
class DirectRoute:
    """A method whose integration calls DynamoDB. Templates are keyed by media type."""

    action: str
    request_templates: Mapping[str, str]
    responses: tuple[IntegrationResponse, ...]
    body_schema: Mapping[str, Any] | None

    def response_to(self, status: int) -> IntegrationResponse:
        """Return the first response whose selection pattern matches DynamoDB's status, else the default."""
        for response in self.responses:
            if response.pattern != "default" and re.fullmatch(response.pattern, str(status)):
                return response
        return next(response for response in self.responses if response.pattern == "default")


def direct_routes(document: Mapping[str, Any]) -> dict[tuple[str, str], DirectRoute]:
    """Return the direct routes of a document by (METHOD, path)."""
    return {
        (method.upper(), path): _direct_route(document, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in _METHODS and operation["x-amazon-apigateway-integration"]["type"] == "aws"
    }


def _direct_route(document: Mapping[str, Any], operation: Mapping[str, Any]) -> DirectRoute:
    integration = operation["x-amazon-apigateway-integration"]
    if integration["passthroughBehavior"] != "never":
        raise ValueError(f"{operation['operationId']} passes bodies through that no template has seen")
    return DirectRoute(
        action=integration["uri"]["Fn::Sub"].rpartition(":action/")[2],
        request_templates=integration["requestTemplates"],
        responses=tuple(_integration_response(*each) for each in integration["responses"].items()),
        body_schema=_body_schema(document, operation),
    )


def _integration_response(pattern: str, response: Mapping[str, Any]) -> IntegrationResponse:
    headers = {
        name.removeprefix("method.response.header."): source
        for name, source in response.get("responseParameters", {}).items()
    }
    return IntegrationResponse(pattern, int(response["statusCode"]), headers, response["responseTemplates"][_JSON])


def _body_schema(document: Mapping[str, Any], operation: Mapping[str, Any]) -> Mapping[str, Any] | None:
    if "requestBody" not in operation:
        return None
    name = operation["requestBody"]["content"][_JSON]["schema"]["$ref"].rpartition("/")[2]
    schema: Mapping[str, Any] = document["components"]["schemas"][name]
    return schema
