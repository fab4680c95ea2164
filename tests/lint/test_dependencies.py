"""CloudFormation can put the resources in an order: none needs, through others, itself.

cfn-lint looks too, but does not see api/openapi.yaml, by which the API needs its functions.
"""

import graphlib
import re
from collections.abc import Iterator
from typing import Any

from tests.lint.transformed import transformed


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


def test_resources_can_be_made_one_after_the_other() -> None:
    made = transformed()["Resources"]
    graph = {name: set(needs(resource)) & made.keys() for name, resource in made.items()}

    order = list(graphlib.TopologicalSorter(graph).static_order())

    assert "MediaBucket" in order
    assert "CreateProductFunction" in graph["Api"], "the contract is not part of the template"
    assert order.index("OnMediaUploadPermission") < order.index("MediaBucket") < order.index("MediaBucketPolicy")
