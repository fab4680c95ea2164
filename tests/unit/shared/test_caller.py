"""Who may reach which customer."""

from typing import Any

import pytest

from shared.caller import caller_id, require_customer
from shared.errors import ForbiddenError

ID = {"sub": "s", "token_use": "id"}


OWNER_AND_STAFF = [
    ID | {"custom:customer_id": "CUST-1"},
    ID | {"custom:customer_id": "CUST-1", "cognito:groups": "writers"},
    ID | {"cognito:groups": "staff"},
    ID | {"cognito:groups": "writers,staff"},
    ID | {"cognito:groups": "[staff]"},
    ID | {"cognito:groups": "[writers staff]"},
]


def test_owner_and_staff_reach_a_customer(subtests: pytest.Subtests) -> None:
    for claims in OWNER_AND_STAFF:
        with subtests.test(claims=claims):
            require_customer(claims, "CUST-1")


OTHERS: list[dict[str, Any]] = [
    {},
    {"sub": "s", "custom:customer_id": "CUST-1"},
    {"token_use": "id", "custom:customer_id": "CUST-1"},
    {"sub": "s", "token_use": "access", "cognito:groups": "staff"},
    ID,
    ID | {"custom:customer_id": "CUST-2"},
    ID | {"custom:customer_id": "CUST-10"},
    ID | {"custom:customer_id": "cust-1"},
    ID | {"custom:customer_id": None},
    ID | {"cognito:groups": "staffroom"},
    ID | {"cognito:groups": "not-staff,writers"},
    ID | {"cognito:groups": "[not-staff staffroom]"},
    ID | {"cognito:groups": ""},
]


def test_other_callers_are_forbidden(subtests: pytest.Subtests) -> None:
    for claims in OTHERS:
        with subtests.test(claims=claims), pytest.raises(ForbiddenError):
            require_customer(claims, "CUST-1")


def test_caller_is_the_subject() -> None:
    assert caller_id(ID) == "s"


def test_access_token_names_no_caller() -> None:
    with pytest.raises(ForbiddenError):
        caller_id({"sub": "s", "token_use": "access"})
