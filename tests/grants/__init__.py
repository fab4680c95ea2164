"""What template.yaml lets each function do. Tests compare this with the calls of the code, and with the deployed roles.

GRANTS: by function, then by what a grant is for: a table, `Table/index/name`, `Table/stream`, a bucket, or the objects
of a bucket under a prefix.

Each module holds what is particular to one feature. UNCALLED: grants that no event makes the code use, by function.
OPEN_TO_ALL: routes without an authorizer. EXPENSIVE: other routes with a lower throttle. OUTSIDE_VPC: functions that
need the Internet.
"""

import importlib
import pkgutil
import re
from typing import Any

from tests.template_facts import FUNCTION_IDS, as_list, resource_text, statements

BUCKET_BY_NAME = re.compile(r"arn:\$\{AWS::Partition\}:s3:::\$\{(\w+)Name\.Value\}")
"""The ARN of a bucket whose name is a resource of its own."""

OF_LAMBDA = re.compile(
    r"(DescribeStream|GetRecords|GetShardIterator) on \w+Table/stream"
    r"|ListStreams on \w+Table/stream/\*"
    r"|ListBucket on FailureBucket|PutObject on FailureBucket/\*"
)
"""Grants that the Lambda service uses in the function's name: to read a stream, and to store what failed."""


def target(resource: Any) -> str:
    """Return what a grant is for, as `ProductsTable`, `UsersTable/stream` or `MediaBucket/files/*`."""
    name = resource_text(resource)
    name = re.sub(r"\$\{(\w+)\.Arn\}", r"\1", BUCKET_BY_NAME.sub(r"\1", name))
    return name.removesuffix(".Arn").replace(".StreamArn", "/stream")


def _granted(logical_id: str) -> dict[str, set[str]]:
    granted: dict[str, set[str]] = {}
    for statement in statements(logical_id):
        for resource in as_list(statement["Resource"]):
            actions = {action.rpartition(":")[2] for action in as_list(statement["Action"])}
            granted.setdefault(target(resource), set()).update(actions)
    return granted


_MODULES = [importlib.import_module(f"{__name__}.{each.name}") for each in pkgutil.iter_modules(__path__)]
GRANTS = {name: _granted(name) for name in FUNCTION_IDS}
UNCALLED: dict[str, set[str]] = {
    name: grants for module in _MODULES for name, grants in getattr(module, "UNCALLED", {}).items()
}
OPEN_TO_ALL: set[tuple[str, str]] = {route for module in _MODULES for route in getattr(module, "OPEN_TO_ALL", ())}
EXPENSIVE: set[tuple[str, str]] = {route for module in _MODULES for route in getattr(module, "EXPENSIVE", ())}
OUTSIDE_VPC: set[str] = {name for module in _MODULES for name in getattr(module, "OUTSIDE_VPC", ())}
