"""The access patterns of each table, under the names that docs/access-patterns.md gives them.

These modules import the functions' code, so import them in the functions' environment, as `run` does.
"""
