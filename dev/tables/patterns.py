"""Runs access patterns on the demo data. Each one calls the code of the functions.

Items that a pattern changes are restored afterwards. Streams deliver both changes.
"""

import contextlib
import importlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from dev.application.access_patterns.pattern import Pattern, catalogue
from dev.application.deployed_stack import DeployedStack, key_attributes, template
from dev.application.in_process import environment, function_environment
from dev.local_aws.signals import signals_blocked
from dev.local_aws.template import functions
from dev.tables.items import plain
from dev.tables.journal import Journal
from dev.tables.recorder import Call, NotSentError, Recorder


@dataclass(frozen=True)
class PatternRun:
    """Requests of a pattern. `rejected` is the name of the error if the demo data is missing."""

    table: str
    pattern: Pattern
    calls: list[Call]
    rejected: str | None

    def to_json(self) -> dict[str, Any]:
        """Return one element of `dev tables patterns --json`."""
        return {
            "name": self.pattern.name,
            "table": self.table,
            "source": self.pattern.source,
            "requests": [asdict(call) | {"items": list(map(plain, call.items))} for call in self.calls],
            "rejected": self.rejected,
        }


def run(
    deployed: DeployedStack, tables: Iterable[str] | None = None, *, read_only: bool = False
) -> Iterator[PatternRun]:
    """Run the patterns of some tables or of all, and restore the tables. Write nothing if `read_only`."""
    chosen = {name: patterns for name, patterns in catalogue().items() if tables is None or name in tables}
    variables = _table_names(template(), deployed.tables)
    keys = {deployed.tables[name]: names for name, names in key_attributes().items()}
    journal = Journal(deployed.client("dynamodb"), keys)
    recorder = Recorder(deployed.client("dynamodb"), journal.note, read_only=read_only)
    for logical_id, patterns in chosen.items():
        for pattern in patterns:
            with signals_blocked(), _functions_in(variables, recorder):
                try:
                    rejected = _ask(pattern, recorder)
                finally:
                    journal.put_back()
            yield PatternRun(logical_id, pattern, recorder.take_calls(), rejected)


def _ask(pattern: Pattern, recorder: Recorder) -> str | None:
    """Run a pattern. Return the name of the error that a caller would see."""
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
def _functions_in(variables: dict[str, str], recorder: Recorder) -> Iterator[None]:
    """Let the functions use the tables in `variables`, and record their requests."""
    with environment(function_environment() | variables):
        client = importlib.import_module("shared.aws").dynamodb_client()
        with recorder.recording(client):
            yield


def _table_names(document: Mapping[str, Any], tables: Mapping[str, str]) -> dict[str, str]:
    """Return the environment variables and stage variables that contain table names."""
    stores = [each for function in functions(document).values() for each in function.stores.items()]
    return {variable: tables[store] for variable, store in stores if store in tables} | dict(tables)
