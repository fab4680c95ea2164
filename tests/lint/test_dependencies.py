"""CloudFormation can put the resources in an order: none needs, through others, itself.

cfn-lint looks too, but does not see api/openapi.yaml, by which the API needs its functions.
"""

import graphlib
import re
from collections.abc import Iterator
from typing import Any

from tests.lint.transformed import transformed
from tests.template_facts import FUNCTION_IDS


def needs(node: Any) -> Iterator[str]:
    """Yield every logical id that a part of a template refers to, and other words."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from references(key, value)
            yield from needs(value)
    elif isinstance(node, list):
        for value in node:
            yield from needs(value)


def references(key: str, value: Any) -> list[str]:
    """Return what an intrinsic function, or DependsOn, refers to by itself."""
    values = value if isinstance(value, list) else [value]
    if key in {"Ref", "DependsOn"}:
        return values
    if key == "Fn::GetAtt":
        return [values[0].partition(".")[0]]
    if key == "Fn::Sub":
        return re.findall(r"\$\{(\w+)", values[0])
    return []


def order_of(resources: dict[str, Any]) -> list[str]:
    """Return an order of resources in which each comes after what it needs. Raises CycleError."""
    return list(graphlib.TopologicalSorter(graph_of(resources)).static_order())


def graph_of(resources: dict[str, Any]) -> dict[str, set[str]]:
    return {name: set(needs(resource)) & resources.keys() for name, resource in resources.items()}


def test_resources_can_be_made_one_after_the_other() -> None:
    made = transformed()["Resources"]

    assert len(order_of(made)) == len(made)
    assert graph_of(made)["Api"] & set(FUNCTION_IDS), "the contract is not part of the template"
