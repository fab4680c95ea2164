"""Lists of messages and of message groups, page by page, and cursors that no list gave."""

import base64
import json
from collections.abc import Callable
from typing import Any

from tests.unit.http_events import call

ID = "0" * 32
FORGED: list[object] = [
    "",
    "GROUP",
    "SAV-01",
    "2026-03-01T09:00:00.000Z",
    "2026-03-01T09:00:00.000Z#",
    f"2026-03-01T09:00:00Z#{ID}",
    f"2026-03-01T09:00:00.000Z#{ID}\n",
    f"2026-03-01T09:00:00.000Z#{'G' * 32}",
    f"٢٠٢٦-03-01T09:00:00.000Z#{ID}",
    {"pk": {"S": "MSG#other"}, "sk": {"S": "GROUP"}},
    7,
    None,
]
"""Sort keys that no message has, some of other kinds of items."""


def cursor_of(sort_key: object) -> str:
    return base64.urlsafe_b64encode(json.dumps([sort_key]).encode()).decode().rstrip("=")


def pages(handler: Any, event: Callable[[dict[str, str]], dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Return the items on every page; `event` makes a request of what goes on in the query."""
    found = []
    cursor: dict[str, str] | None = {}
    while cursor is not None:
        status, page, _ = call(handler, event(cursor))
        assert status == 200
        found.append(page["items"])
        cursor = {"cursor": page["next_cursor"]} if page["next_cursor"] else None
    return found
