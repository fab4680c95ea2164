"""This application's template and contract, read as data."""

from typing import Any

from dev.errors import DevError
from dev.local_aws import template
from dev.local_aws.project import Project
from dev.local_aws.template import Function
from dev.paths import FUNCTIONS, OPENAPI, TEMPLATE

PROJECT = Project(TEMPLATE, OPENAPI, FUNCTIONS)


def load_template() -> dict[str, Any]:
    """Return template.yaml. Raises DevError."""
    return template.load_yaml(TEMPLATE)


def load_openapi() -> dict[str, Any]:
    """Return api/openapi.yaml. Raises DevError."""
    return template.load_yaml(OPENAPI)


def find_function(name: str) -> Function:
    """Return a function of template.yaml by logical id or name. Raises DevError, naming the nearest one or all."""
    return template.find_function(load_template(), name)


def find_consumer(name: str) -> Function:
    """Return a function that has a stream mapping or a destination for failures. Raises DevError, naming them."""
    document = load_template()
    consumers = {
        template.referent(body["Properties"]["FunctionName"])
        for kind in ("AWS::Lambda::EventSourceMapping", "AWS::Lambda::EventInvokeConfig")
        for body in template.resources(document, kind).values()
    }
    found = template.find_function(document, name)
    if found.logical_id not in consumers:
        raise DevError(f"{found.logical_id} is not a consumer. Consumers: {', '.join(sorted(consumers))}")
    return found
