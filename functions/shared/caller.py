"""The caller, from the claims of a Cognito ID token that API Gateway has verified."""

from collections.abc import Mapping
from typing import Any

from shared.errors import ForbiddenError

STAFF = "staff"


def caller_id(claims: Mapping[str, Any]) -> str:
    """Return the caller's permanent id. Raises ForbiddenError without an ID token."""
    return str(_id_token(claims)["sub"])


def require_customer(claims: Mapping[str, Any], customer_id: str) -> None:
    """Raises ForbiddenError unless the caller is that customer or one of the staff."""
    token = _id_token(claims)
    if token.get("custom:customer_id") != customer_id and STAFF not in _groups(token):
        raise ForbiddenError("The customer_id must be the caller's own.")


def _id_token(claims: Mapping[str, Any]) -> Mapping[str, Any]:
    """Raises ForbiddenError for other tokens of the pool, which have groups but no customer.

    API Gateway rejects them already, with 401, unless a route has scopes.
    """
    if claims.get("token_use") != "id" or not claims.get("sub"):
        raise ForbiddenError("Sign in and send the ID token.")
    return claims


def _groups(claims: Mapping[str, Any]) -> list[str]:
    """API Gateway sends the list as text: `staff,writers`, or `[staff writers]` in HTTP APIs and emulators."""
    groups = claims.get("cognito:groups") or ""
    return groups[1:-1].split(" ") if groups.startswith("[") else groups.split(",")
