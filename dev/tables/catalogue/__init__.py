"""The access patterns of each table, under the names that docs/access-patterns.md gives them.

These modules import functions' code: import them in the functions' environment, as `dev.tables.patterns` does.
"""
