"""Runs access patterns, each a call of the very code that functions run, on the demo data.

What a pattern changes is put back when it has run. Streams tell of both, as of any change.
"""

import contextlib
import importlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any
from unittest import mock

from dev.in_memory import environment, function_environment
from dev.tables.items import plain
from dev.tables.journal import Journal
from dev.tables.place import Place, key_attributes, template
from dev.tables.recorder import Call, NotSentError, Recorder
from dev.template import functions

CATALOGUE = {
    "IdempotencyTable": "idempotency",
    "ProductsTable": "products",
    "UsersTable": "users",
    "MediaTable": "media",
    "MessagesTable": "messages",
}
"""Module of each table's patterns, by the table's logical id, in the template's order."""

CLIENTS = ("products.store", "dev.tables.catalogue.users", "media.store", "messages.store")
"""Modules that talk to DynamoDB, each with a client named `_dynamodb`."""


@dataclass(frozen=True)
class Pattern:
    """A question to a table. `source` is the function that asks, or the route of a direct integration.

    `ask` calls it with what is in the demo data. `first` is what must have happened before, and is not shown.
    """

    name: str
    source: str
    ask: Callable[[], object]
    first: Callable[[], object] | None = None


@dataclass(frozen=True)
class Outcome:
    """What a pattern sent. `refused` is the error's name where the demo data are not there."""

    table: str
    pattern: Pattern
    calls: list[Call]
    refused: str | None

    def to_json(self) -> dict[str, Any]:
        """Return an element of what `dev tables patterns --json` prints."""
        return {
            "name": self.pattern.name,
            "table": self.table,
            "source": self.pattern.source,
            "requests": [_call_to_json(call) for call in self.calls],
            "refused": self.refused,
        }


def _call_to_json(call: Call) -> dict[str, Any]:
    return {
        "operation": call.operation,
        "request": call.request,
        "sent": call.sent,
        "capacity_units": call.capacity_units,
        "capacity_units_by_index": call.by_index,
        "items": [plain(item) for item in call.items],
        "error": call.error,
    }


def source(function: Callable[..., object]) -> str:
    """Return a function's name, such as `products.store.get_product`."""
    return f"{function.__module__}.{function.__name__}"


def catalogue() -> dict[str, tuple[Pattern, ...]]:
    """Return every pattern by the logical id of its table."""
    with environment(function_environment()):  # functions make their clients when they are imported
        return {
            table: importlib.import_module(f"dev.tables.catalogue.{module}").PATTERNS
            for table, module in CATALOGUE.items()
        }


def run(place: Place, tables: Iterable[str] | None = None, *, read_only: bool = False) -> Iterator[Outcome]:
    """Run the patterns of some tables, or of all. Leaves the tables as they were, and writes nothing if `read_only`."""
    chosen = {name: patterns for name, patterns in catalogue().items() if tables is None or name in tables}
    variables = _table_names(template(), place.tables)
    keys = {place.tables[name]: names for name, names in key_attributes().items()}
    journal = Journal(place.client("dynamodb"), keys)
    recorder = Recorder(place.client("dynamodb"), journal.note, read_only=read_only)
    for logical_id, patterns in chosen.items():
        for pattern in patterns:
            with _functions_with(recorder.client, variables):
                try:
                    refused = _ask(pattern, recorder)
                finally:
                    journal.put_back()
            yield Outcome(logical_id, pattern, recorder.take_calls(), refused)


def _ask(pattern: Pattern, recorder: Recorder) -> str | None:
    """Run a pattern. Returns the name of the error that a caller would see."""
    problem = importlib.import_module("shared.errors").ProblemError
    try:
        if pattern.first is not None:
            pattern.first()
            recorder.take_calls()
        pattern.ask()
    except NotSentError:
        return None
    except problem as error:
        return type(error).__name__
    return None


@contextlib.contextmanager
def _functions_with(client: Any, variables: dict[str, str]) -> Iterator[None]:
    """Have the functions' code use `client`, and find the tables that `variables` name."""
    with ExitStack() as stack:
        stack.enter_context(environment(function_environment() | variables))
        for module in CLIENTS:
            stack.enter_context(mock.patch(f"{module}._dynamodb", client))
        stack.enter_context(mock.patch("shared.aws.dynamodb_client", return_value=client))
        yield


def _table_names(document: Mapping[str, Any], tables: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that tell functions their tables' names; stage variables are the tables' logical ids."""
    stores = [each for function in functions(document).values() for each in function.stores.items()]
    return {variable: tables[store] for variable, store in stores if store in tables} | dict(tables)
