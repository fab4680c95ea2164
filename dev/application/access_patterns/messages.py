"""Access patterns of the messages table.

The stream consumer handles these messages too, later. None of them is newer than the newest message of its group, so
the consumer changes no row, and restored items stay unchanged. That is why a pattern that creates a message group
creates a new one.
"""

from dev.application.access_patterns.idempotency import RECORD
from dev.application.access_patterns.pattern import Pattern, source
from dev.application.demo_data.messages import ALICE, BOB, GROUP
from messages import store
from messages.model import Message

FIRST = Message("0" * 31 + "a", "0" * 31 + "9", ALICE, "The old year ends.", "2025-12-31T23:59:59.999Z")
NEXT = Message("0" * 31 + "7", GROUP, BOB, "Hear, hear.", "2026-01-01T00:00:00.000Z")
NEWER = Message("0" * 31 + "8", GROUP, BOB, "Indeed.", "2026-01-02T00:00:00.000Z")


def _list_messages(after: str | None, *, newest_first: bool) -> object:
    return store.list_messages(GROUP, 2, after, newest_first=newest_first)


TABLE = "MessagesTable"
PATTERNS = (
    Pattern("create-group", source(store.create_group), lambda: store.create_group(FIRST, BOB, None)),
    Pattern("create-group-once", source(store.create_group), lambda: store.create_group(FIRST, BOB, RECORD)),
    Pattern("create-message", source(store.create_message), lambda: store.create_message(NEXT, None)),
    Pattern("create-message-once", source(store.create_message), lambda: store.create_message(NEXT, RECORD)),
    Pattern("get-group", source(store.get_group), lambda: store.get_group(GROUP, ALICE)),
    Pattern("find-group", source(store.find_group), lambda: store.find_group(GROUP)),
    Pattern("list-groups", source(store.list_groups), lambda: store.list_groups(ALICE, 25, None)),
    Pattern("list-groups-next-page", source(store.list_groups), lambda: store.list_groups(ALICE, 25, NEWER.sort_key)),
    Pattern("list-messages", source(store.list_messages), lambda: _list_messages(None, newest_first=True)),
    Pattern(
        "list-messages-next-page", source(store.list_messages), lambda: _list_messages(NEXT.sort_key, newest_first=True)
    ),
    Pattern(
        "list-messages-oldest-first", source(store.list_messages), lambda: _list_messages(None, newest_first=False)
    ),
    Pattern("move-rows", source(store.move_rows), lambda: store.move_rows(NEWER)),
)
