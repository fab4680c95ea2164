"""What an access pattern is, and where those of each table are."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass

from dev.application.in_process import environment, function_environment

CATALOGUE = {
    "IdempotencyTable": "idempotency",
    "ProductsTable": "products",
    "UsersTable": "users",
    "MediaTable": "media",
    "MessagesTable": "messages",
}
"""Module of each table's patterns, by the table's logical id, in the template's order."""


@dataclass(frozen=True)
class Pattern:
    """A question to a table. `source` is the function that asks, or the route of a direct integration.

    `ask` calls it with what is in the demo data. `first` is what must have happened before, and is not shown.
    """

    name: str
    source: str
    ask: Callable[[], object]
    first: Callable[[], object] | None = None


def source(function: Callable[..., object]) -> str:
    """Return a function's name, such as `products.store.get_product`."""
    return f"{function.__module__}.{function.__name__}"


def catalogue() -> dict[str, tuple[Pattern, ...]]:
    """Return every pattern by the logical id of its table."""
    with environment(function_environment()):  # functions make their clients when they are imported
        return {
            table: importlib.import_module(f"dev.application.access_patterns.{module}").PATTERNS
            for table, module in CATALOGUE.items()
        }
