"""Parameters in api/openapi.yaml are those that the functions take."""

import re
from typing import Any

from products.model import ID_PATTERN
from shared.paging import DEFAULT_LIMIT, MAX_LIMIT
from tests.lint.rules import check, differing
from tests.template_facts import CONTRACT, OPERATIONS


def test_routes_declare_their_path_parameters() -> None:
    offenders = [
        f"{method} {path} declares {sorted(declared) or 'none'}"
        for method, path in OPERATIONS
        if (declared := path_parameters(method, path)) != set(re.findall(r"\{(\w+)\}", path))
    ]

    check(offenders, "Declare exactly the parameters that are in the path")


def path_parameters(method: str, path: str) -> set[str]:
    item = CONTRACT["paths"][path]
    parameters = [*item.get("parameters", []), *item[method.lower()].get("parameters", [])]
    return {each["name"] for each in map(resolve, parameters) if each["in"] == "path"}


def test_ids_in_paths_are_those_that_the_functions_take() -> None:
    given = "^[0-9a-f]{32}$"
    patterns = dict.fromkeys(("CustomerId", "ProductId", "UserId"), ID_PATTERN)
    patterns |= dict.fromkeys(("MediaId", "MessageGroupId"), given)

    offenders = [
        line
        for name, pattern in patterns.items()
        for line in differing(CONTRACT["components"]["parameters"][name]["schema"], {"pattern": pattern}, name)
    ]
    check(offenders, "Give the parameter the functions' pattern")


def test_limit_is_the_one_that_the_functions_take() -> None:
    assert CONTRACT["components"]["parameters"]["Limit"]["schema"] == {
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


def test_idempotency_key_is_a_parameter_of_what_creates() -> None:
    created = ("/customers/{customer_id}/products", "/message-groups", "/message-groups/{id}/messages")
    keys = {path: idempotency_keys(OPERATIONS["POST", path]) for path in created}
    expected = [("header", {"type": "string", "minLength": 1, "maxLength": 255})]

    check(differing(keys, dict.fromkeys(created, expected), "POST"), "Declare Idempotency-Key")


def idempotency_keys(operation: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    parameters = map(resolve, operation.get("parameters", []))
    return [(each["in"], each["schema"]) for each in parameters if each["name"] == "Idempotency-Key"]


def resolve(parameter: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in parameter:
        return parameter
    resolved: dict[str, Any] = CONTRACT["components"]["parameters"][parameter["$ref"].rpartition("/")[2]]
    return resolved
