"""Every hostile string through every field and parameter of the direct routes: passed on unchanged, or rejected."""

import pytest

from tests.hostile_strings import HOSTILE
from tests.unit.users.direct_routes.conftest import Table
from tests.unit.users.direct_routes.test_adapter import GOOD, send

GOOD_IDS = {"null", "number"}
"""Hostile strings that are valid user ids."""
SPACED_OR_LONG = [
    "line feed",
    "carriage return",
    "tab",
    "other control characters",
    "NUL",
    "white space",
    "reference",
    "set",
    "foreach",
    "comment",
    "block comment",
    "attribute more",
    "other key",
    "end of the request",
    "JSON object",
    "JSON array",
    "expression",
    "SQL",
    "256 characters",
    "2 KB",
    "400 KB",
]
"""Hostile strings with white space or control characters, or too long for an address."""
BAD_IDS = {name: text for name, text in HOSTILE.items() if name not in GOOD_IDS} | {"long": "x" * 65, "dash": "-a"}


def put(table: Table, body: dict[str, str]) -> tuple[int, dict[str, dict[str, str]] | None]:
    """Put a user. Returns the status, and the attributes name and email of the item for DynamoDB, if one was sent."""
    table.calls.clear()
    status = send("PUT", "/users/U-1", body)[0]
    if not table.calls:
        return status, None
    ((_, request),) = table.calls
    assert set(request["Item"]) == {"UserId", "name", "email", "owner", "created_at"}
    assert request["TableName"] == "users"
    return status, {name: request["Item"][name] for name in ("name", "email")}


def test_name_is_stored_unchanged_or_rejected(table: Table) -> None:
    answers = {name: put(table, GOOD | {"name": text}) for name, text in HOSTILE.items()}

    email = {"S": GOOD["email"]}
    stored = {name: (200, {"name": {"S": text}, "email": email}) for name, text in HOSTILE.items()}
    assert answers == stored | dict.fromkeys(("2 KB", "400 KB"), (400, None))


def test_email_is_stored_unchanged_or_rejected(table: Table) -> None:
    answers = {name: put(table, GOOD | {"email": f"{text}@b"}) for name, text in HOSTILE.items()}

    name = {"S": GOOD["name"]}
    stored = {kind: (200, {"name": name, "email": {"S": f"{text}@b"}}) for kind, text in HOSTILE.items()}
    assert answers == stored | dict.fromkeys(SPACED_OR_LONG, (400, None))


def test_unknown_field_is_rejected(table: Table) -> None:
    answers = {name: put(table, GOOD | {text: "x"}) for name, text in HOSTILE.items()}

    assert answers == dict.fromkeys(HOSTILE, (400, None))


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_bad_user_id_becomes_a_key_that_dynamodb_rejects(table: Table, method: str) -> None:
    for text in BAD_IDS.values():
        send(method, f"/users/{text}", GOOD)

    keys = [(request.get("Key") or request["Item"])["UserId"] for _, request in table.calls]
    assert keys == [{"S": ""}] * len(BAD_IDS)


@pytest.mark.parametrize("parameter", ["limit", "cursor"])
def test_bad_parameter_becomes_a_limit_that_dynamodb_rejects(table: Table, parameter: str) -> None:
    for text in BAD_IDS.values():
        send("GET", "/users", query={parameter: text})

    limits = [request["Limit"] for _, request in table.calls]
    assert limits == [0] * len(BAD_IDS)
