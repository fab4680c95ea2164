"""What an access pattern is, and the patterns of each table."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

from dev.application.features import parts
from dev.application.in_process import environment, function_environment
from dev.application.project import load_template
from dev.local_aws.template import resources


@dataclass(frozen=True)
class Pattern:
    """A question to a table. `source` is the function that asks, or the route of a direct integration.

    `ask` calls it with what is in the demo data. `first` is what must have happened before, and is not shown.
    """

    name: str
    source: str
    ask: Callable[[], object]
    first: Callable[[], object] | None = None


def pattern[**P](name: str, function: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> Pattern:
    """Return a pattern that calls a function. Its source is the function, such as `products.store.get_product`."""
    return Pattern(name, f"{function.__module__}.{function.__name__}", partial(function, *args, **kwargs))


@cache
def catalogue() -> dict[str, tuple[Pattern, ...]]:
    """Return every pattern by the logical id of its table, in the order of the template."""
    with environment(function_environment()):  # functions make their clients when they are imported
        found = {module.TABLE: module.PATTERNS for module in parts("access_patterns", "PATTERNS")}
    return {table: found.get(table, ()) for table in resources(load_template(), "AWS::DynamoDB::Table")}
