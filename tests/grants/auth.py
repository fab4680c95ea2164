"""What the functions of auth may do, see tests/grants/__init__.py."""

GRANTS: dict[str, dict[str, set[str]]] = {
    "AuthorizeFunction": {},
}
OUTSIDE_VPC = {"AuthorizeFunction"}
"""It asks the token issuer for keys, over the Internet."""
