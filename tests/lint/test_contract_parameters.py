"""Parameters in api/openapi.yaml are those that the functions take."""

import re
from typing import Any

from products.model import ID_PATTERN  # products
from shared.paging import DEFAULT_LIMIT, MAX_LIMIT
from tests.lint.rules import check, differing
from tests.template_facts import CONTRACT, FUNCTIONS_BY_ID, OPERATIONS

IDS = {
    "CustomerId": ID_PATTERN,  # products
    "ProductId": ID_PATTERN,  # products
    "UserId": "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$",  # users
    "MediaId": "^[0-9a-f]{32}$",  # media
    "MessageGroupId": "^[0-9a-f]{32}$",  # messages
}
STORE_KEYS = [each for each in FUNCTIONS_BY_ID.values() if "IDEMPOTENCY_TABLE" in each.stores]


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
    declared = {name: parameter["schema"] for name, parameter in CONTRACT["components"]["parameters"].items()}

    check(
        (line for name, pattern in IDS.items() for line in differing(declared[name], {"pattern": pattern}, name)),
        "Declare the ids that functions/ accepts",
    )


def test_limit_is_the_one_that_the_functions_take() -> None:
    assert CONTRACT["components"]["parameters"]["Limit"]["schema"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": MAX_LIMIT,
        "default": DEFAULT_LIMIT,
    }


def test_idempotency_key_is_a_parameter_where_the_function_stores_it() -> None:
    keys = {
        route: idempotency_keys(OPERATIONS[route])
        for function in STORE_KEYS
        for route in function.routes
        if route in OPERATIONS
    }
    expected = [("header", {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"})]

    check(
        (f"{' '.join(route)} declares {declared}" for route, declared in keys.items() if declared != expected),
        "Declare Idempotency-Key",
    )


def idempotency_keys(operation: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    parameters = map(resolve, operation.get("parameters", []))
    return [(each["in"], each["schema"]) for each in parameters if each["name"] == "Idempotency-Key"]


def resolve(parameter: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in parameter:
        return parameter
    resolved: dict[str, Any] = CONTRACT["components"]["parameters"][parameter["$ref"].rpartition("/")[2]]
    return resolved
