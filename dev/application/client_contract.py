"""api/openapi.yaml for generators of clients."""

from collections.abc import Mapping
from typing import Any

from dev.local_aws.template import operations

_PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
_OTHER = {
    "description": "Another problem, such as Unauthorized (401), Throttled (429) or ServiceUnavailable (503).",
    "headers": {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}},
    "content": _PROBLEM,
}


def client_contract(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a contract without the settings of API Gateway, and with the body of each error."""
    contract: dict[str, Any] = _for_clients(document)
    for operation in operations(contract).values():
        for status, response in operation["responses"].items():
            if status >= "400":
                response["content"] = _PROBLEM
        operation["responses"]["default"] = _OTHER
    return contract


def _for_clients(value: Any) -> Any:
    """Return JSON without extensions of AWS. Objects of any properties have texts, which models of AWS cannot say."""
    if isinstance(value, list):
        return [_for_clients(each) for each in value]
    if not isinstance(value, dict):
        return value
    kept = {name: _for_clients(each) for name, each in value.items() if not name.startswith("x-amazon-")}
    if value.get("type") == "object" and "properties" not in value:
        kept.setdefault("additionalProperties", {"type": "string"})
    return kept
