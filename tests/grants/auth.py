"""What is particular to auth, see tests/grants/__init__.py."""

OUTSIDE_VPC = {"AuthorizeFunction"}
"""It asks the token issuer for keys, over the Internet."""
