"""Access patterns of the messages table.

The stream consumer handles these messages too, later. None of them is newer than the newest message of its group, so
the consumer changes no row, and restored items stay unchanged. That is why a pattern that creates a message group
creates a new one.
"""

from dev.application.access_patterns.idempotency import RECORD
from dev.application.access_patterns.pattern import pattern
from dev.application.demo_data.messages import ALICE, BOB, GROUP
from messages import store
from messages.model import Message

FIRST = Message("0" * 31 + "a", "0" * 31 + "9", ALICE, "The old year ends.", "2025-12-31T23:59:59.999Z")
NEXT = Message("0" * 31 + "7", GROUP, BOB, "Hear, hear.", "2026-01-01T00:00:00.000Z")
NEWER = Message("0" * 31 + "8", GROUP, BOB, "Indeed.", "2026-01-02T00:00:00.000Z")

TABLE = "MessagesTable"
PATTERNS = (
    pattern("create-group", store.create_group, FIRST, BOB, None),
    pattern("create-group-once", store.create_group, FIRST, BOB, RECORD),
    pattern("create-message", store.create_message, NEXT, None),
    pattern("create-message-once", store.create_message, NEXT, RECORD),
    pattern("require-member", store.require_member, GROUP, ALICE),
    pattern("find-group", store.find_group, GROUP),
    pattern("list-groups", store.list_groups, ALICE, 25, None),
    pattern("list-groups-next-page", store.list_groups, ALICE, 25, NEWER.sort_key),
    pattern("list-messages", store.list_messages, GROUP, 2, None, newest_first=True),
    pattern("list-messages-next-page", store.list_messages, GROUP, 2, NEXT.sort_key, newest_first=True),
    pattern("list-messages-oldest-first", store.list_messages, GROUP, 2, None, newest_first=False),
    pattern("move-rows", store.move_rows, NEWER),
)
