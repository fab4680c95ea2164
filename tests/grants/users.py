"""What the functions of users may do, see tests/grants/__init__.py."""

from tests.grants.consumer import consumes

GRANTS: dict[str, dict[str, set[str]]] = {
    "OnUserChangeFunction": {
        **consumes("UsersTable"),
        "UserArchiveBucket/*": {"PutObject"},
    },
}
EXPENSIVE = {("GET", "/users")}
"""A Scan."""
