"""template.yaml and api/openapi.yaml, read once."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dev.application.project import load_openapi, load_template
from dev.local_aws.event_sources.mapping import reads_dynamodb
from dev.local_aws.template import attribute_of, functions, operations, resources
from dev.paths import TEMPLATE as TEMPLATE_FILE

TEMPLATE = load_template()
CONTRACT = load_openapi()
OPERATIONS = operations(CONTRACT)
FUNCTION = "AWS::Serverless::Function"
FUNCTIONS_BY_ID = functions(TEMPLATE)
FUNCTION_IDS = list(FUNCTIONS_BY_ID)
TABLES = resources(TEMPLATE, "AWS::DynamoDB::Table")
MAPPINGS = {
    name: body for name, body in resources(TEMPLATE, "AWS::Lambda::EventSourceMapping").items() if reads_dynamodb(body)
}
"""Mappings of streams. Those of queues have other settings."""


def copied_template(folder: Path) -> Path:
    """Copy template.yaml and what it includes."""
    shutil.copy(TEMPLATE_FILE.with_name("observability.yaml"), folder)
    return Path(shutil.copy(TEMPLATE_FILE, folder))


def properties(logical_id: str) -> dict[str, Any]:
    found: dict[str, Any] = TEMPLATE["Resources"][logical_id].get("Properties", {})
    return found


def statements(logical_id: str) -> Iterator[dict[str, Any]]:
    """Yield the statements of a function's inline policies. With NotAction or NotResource, one allows nearly all."""
    for policy in as_list(properties(logical_id).get("Policies", [])):
        if isinstance(policy, dict):
            yield from ({"Action": "*", "Resource": "*"} | each for each in as_list(policy.get("Statement", [])))


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def resource_text(resource: Any) -> str:
    """Return the resource of a policy, as `Table.Arn` or `${Table.Arn}/index/*`. A text stays as it is."""
    text = resource.get("Fn::Sub", resource.get("Ref")) if isinstance(resource, dict) else resource
    return str(text or attribute_of(resource) or resource)
