"""What is particular to users, see tests/grants/__init__.py."""

EXPENSIVE = {("GET", "/users")}
"""A Scan."""
