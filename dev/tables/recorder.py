"""A DynamoDB client that notes each request as it was sent, what it cost, and what came back.

Functions' own code uses it in place of theirs, so that what is shown is what functions send.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

READS = {"GetItem", "Query", "Scan"}
WRITES = {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"}

_CALL = "dev.tables call"

type BeforeWrite = Callable[[str, Mapping[str, Any]], None]
"""Is told of a write, by operation and request, before it is sent."""


class NotSentError(Exception):
    """A write that was noted and not sent, since nothing may be changed."""


@dataclass
class Call:
    """One request, as sent, and its answer. `items` are attribute values; `error` is the service's name for one."""

    operation: str
    request: Mapping[str, Any]
    capacity_units: float | None = None
    by_index: Mapping[str, float] = field(default_factory=dict)
    items: list[dict[str, Any]] = field(default_factory=list)
    error: str | None = None
    sent: bool = True


class Recorder:
    """Notes the calls of one client from now on. Raises NotSentError for a write, if `read_only`."""

    def __init__(self, client: Any, before_write: BeforeWrite, *, read_only: bool = False) -> None:
        self.client = client
        self.calls: list[Call] = []
        self._before_write = before_write
        self._read_only = read_only
        client.meta.events.register("provide-client-params.dynamodb.*", self._before)
        client.meta.events.register("after-call.dynamodb.*", self._after)

    def take_calls(self) -> list[Call]:
        """Return what was noted since the last time."""
        taken, self.calls = self.calls, []
        return taken

    def _before(self, params: Mapping[str, Any], model: Any, context: dict[str, Any], **_: Any) -> dict[str, Any]:
        call = context[_CALL] = Call(model.name, dict(params))
        self.calls.append(call)
        if model.name in WRITES:
            if self._read_only:
                call.sent = False
                raise NotSentError(model.name)
            self._before_write(model.name, params)
        elif model.name not in READS:
            raise NotImplementedError(f"No access pattern uses {model.name} yet: say what it reads and writes")
        return {**params, "ReturnConsumedCapacity": "INDEXES"}

    def _after(self, parsed: Mapping[str, Any], context: dict[str, Any], **_: Any) -> None:
        call: Call = context[_CALL]
        if "Error" in parsed:
            call.error = parsed["Error"]["Code"]
            return
        consumed = parsed["ConsumedCapacity"]
        tables = consumed if isinstance(consumed, list) else [consumed]  # a transaction may be of several tables
        call.capacity_units = sum(each["CapacityUnits"] for each in tables)
        call.by_index = {
            name: index["CapacityUnits"]
            for each in tables
            for name, index in each.get("GlobalSecondaryIndexes", {}).items()
        }
        call.items = _items(parsed)


def _items(parsed: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the items in an answer: found, or as a write left them."""
    found = [parsed[name] for name in ("Item", "Attributes") if name in parsed]
    return [*found, *parsed.get("Items", [])]
