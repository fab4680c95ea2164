"""Parameters in api/openapi.yaml are those that the functions take."""

import re
from typing import Any

import pytest

from dev.application.project import load_openapi
from dev.local_aws.template import operations
from products.model import ID_PATTERN
from shared.paging import DEFAULT_LIMIT, MAX_LIMIT

DOCUMENT = load_openapi()
OPERATIONS = operations(DOCUMENT)


@pytest.mark.parametrize("route", list(OPERATIONS), ids=" ".join)
def test_route_declares_its_path_parameters(route: tuple[str, str]) -> None:
    method, path = route
    item = DOCUMENT["paths"][path]
    declared = {
        resolved["name"]
        for parameter in [*item.get("parameters", []), *item[method.lower()].get("parameters", [])]
        if (resolved := resolve(parameter))["in"] == "path"
    }

    assert declared == set(re.findall(r"\{(\w+)\}", path))


def test_ids_in_paths_are_those_of_the_model() -> None:
    for name in ("CustomerId", "ProductId", "UserId"):
        assert DOCUMENT["components"]["parameters"][name]["schema"]["pattern"] == ID_PATTERN


def test_ids_of_media_and_conversations_are_those_that_are_given() -> None:
    for name in ("MediaId", "MessageGroupId"):
        assert DOCUMENT["components"]["parameters"][name]["schema"]["pattern"] == "^[0-9a-f]{32}$"


def test_limit_is_the_one_that_the_functions_take() -> None:
    assert DOCUMENT["components"]["parameters"]["Limit"]["schema"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": MAX_LIMIT,
        "default": DEFAULT_LIMIT,
    }


def test_messages_are_listed_either_way() -> None:
    (order,) = (each for each in OPERATIONS["GET", "/message-groups/{id}/messages"]["parameters"] if "name" in each)

    assert (order["name"], order["schema"]) == (
        "order",
        {"type": "string", "enum": ["desc", "asc"], "default": "desc"},
    )


@pytest.mark.parametrize(
    "path", ["/customers/{customer_id}/products", "/message-groups", "/message-groups/{id}/messages"]
)
def test_idempotency_key_is_a_parameter(path: str) -> None:
    parameters = [resolve(parameter) for parameter in OPERATIONS["POST", path]["parameters"]]

    assert [(each["in"], each["schema"]) for each in parameters if each["name"] == "Idempotency-Key"] == [
        ("header", {"type": "string", "minLength": 1, "maxLength": 255})
    ]


def resolve(parameter: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in parameter:
        return parameter
    resolved: dict[str, Any] = DOCUMENT["components"]["parameters"][parameter["$ref"].rpartition("/")[2]]
    return resolved
