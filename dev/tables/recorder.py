"""Records the requests of the functions to DynamoDB, with their cost and answers.

The requests of the functions' client are forwarded to another stack's client, by botocore's events.
"""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from botocore import xform_name
from botocore.exceptions import ClientError

READS = {"GetItem", "BatchGetItem", "Query", "Scan"}
WRITES = {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"}

_CALL = "dev.tables call"

type BeforeWrite = Callable[[str, Mapping[str, Any]], None]
"""Called with operation and request of a write before it is sent."""


class NotSentError(Exception):
    """A write was recorded but not sent, because the run is read-only."""


@dataclass
class Call:
    """One request, as sent, and its answer. `items` are attribute values; `error` is the error code of the service."""

    operation: str
    request: Mapping[str, Any]
    sent: bool = True
    capacity_units: float | None = None
    capacity_units_by_index: Mapping[str, float] = field(default_factory=dict)
    items: list[dict[str, Any]] = field(default_factory=list)
    error: str | None = None


class Recorder:
    """Forwards requests to `target` and records them. Raises NotSentError for a write, if `read_only`."""

    def __init__(self, target: Any, before_write: BeforeWrite, *, read_only: bool = False) -> None:
        self.calls: list[Call] = []
        self._target = target
        self._before_write = before_write
        self._read_only = read_only

    @contextlib.contextmanager
    def recording(self, client: Any) -> Iterator[None]:
        """Forward the requests of `client` to the target only."""
        events = client.meta.events
        events.register("provide-client-params.dynamodb.*", self._before)
        events.register("before-call.dynamodb.*", self._forward)
        try:
            yield
        finally:
            events.unregister("provide-client-params.dynamodb.*", self._before)
            events.unregister("before-call.dynamodb.*", self._forward)

    def take_calls(self) -> list[Call]:
        """Return the requests since the last call."""
        taken, self.calls = self.calls, []
        return taken

    def _before(self, params: Mapping[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        call = context[_CALL] = Call(model.name, dict(params))
        self.calls.append(call)
        if model.name in WRITES:
            if self._read_only:
                call.sent = False
                raise NotSentError(model.name)
            self._before_write(model.name, params)
        elif model.name not in READS:
            raise NotImplementedError(f"No access pattern uses {model.name} yet: say what it reads and writes")

    def _forward(self, model: Any, context: dict[str, Any], **_: Any) -> tuple[SimpleNamespace, dict[str, Any]]:
        """Answer instead of the functions' client, which then sends nothing."""
        call: Call = context[_CALL]
        send = getattr(self._target, xform_name(model.name))
        try:
            parsed = send(**call.request, ReturnConsumedCapacity="INDEXES")
        except ClientError as error:
            call.error = error.response["Error"]["Code"]
            raise
        consumed = parsed.get("ConsumedCapacity", [])  # the emulator reports none for a BatchGetItem
        tables = consumed if isinstance(consumed, list) else [consumed]  # a transaction may be of several tables
        call.capacity_units = sum(each["CapacityUnits"] for each in tables) if tables else None
        call.capacity_units_by_index = {
            name: index["CapacityUnits"]
            for each in tables
            for name, index in each.get("GlobalSecondaryIndexes", {}).items()
        }
        call.items = _items(parsed)
        return SimpleNamespace(status_code=200), parsed


def _items(parsed: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the items in an answer: the items found, or the items after a write."""
    found = [parsed[name] for name in ("Item", "Attributes") if name in parsed]
    batch = [item for items in parsed.get("Responses", {}).values() for item in items]
    return [*found, *parsed.get("Items", []), *batch]
