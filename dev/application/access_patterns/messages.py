"""Access patterns of the messages table.

The stream's consumer works beside them, and late. So no message, of the demo data or of a pattern, is ever newer than
its conversation says: the consumer leaves the group rows where they are, and what is put back stays so.
That is why a pattern that begins a conversation begins one of its own.
"""

from dev.application.access_patterns.pattern import Pattern, source
from dev.application.demo_data import ALICE, BOB, CONVERSATION
from messages import store
from messages.model import Conversation, Message
from messages.once import Once

FIRST = Message("0" * 31 + "a", "0" * 31 + "9", ALICE, "The old year ends.", "2025-12-31T23:59:59.999Z")
BEGUN = Conversation(FIRST.group_id, (ALICE, BOB), FIRST.sort_key)
NEXT = Message("0" * 31 + "7", CONVERSATION, BOB, "Hear, hear.", "2026-01-01T00:00:00.000Z")
NEWER = Message("0" * 31 + "8", CONVERSATION, BOB, "Indeed.", "2026-01-02T00:00:00.000Z")
ONCE = Once(f"MSG#{CONVERSATION}", f"{BOB}\ndev-tables", NEXT.text, NEXT.created_at)
BEGUN_ONCE = Once(f"GRP#{ALICE}", "dev-tables", f"{BOB}\n{FIRST.text}", FIRST.created_at)


def _list_messages(after: str | None, *, newest_first: bool) -> object:
    return store.list_messages(CONVERSATION, 2, after, newest_first=newest_first)


PATTERNS = (
    Pattern("create-group", source(store.create_group), lambda: store.create_group(BEGUN, FIRST, None)),
    Pattern("create-group-once", source(store.create_group), lambda: store.create_group(BEGUN, FIRST, BEGUN_ONCE)),
    Pattern("create-message", source(store.create_message), lambda: store.create_message(NEXT, None)),
    Pattern("create-message-once", source(store.create_message), lambda: store.create_message(NEXT, ONCE)),
    Pattern(
        "create-message-again",
        source(store.create_message),
        lambda: store.create_message(NEXT, ONCE),
        first=lambda: store.create_message(NEXT, ONCE),
    ),
    Pattern("get-conversation", source(store.get_conversation), lambda: store.get_conversation(CONVERSATION, ALICE)),
    Pattern("find-conversation", source(store.find_conversation), lambda: store.find_conversation(CONVERSATION)),
    Pattern("list-groups", source(store.list_groups), lambda: store.list_groups(ALICE, 25, None)),
    Pattern("list-groups-next-page", source(store.list_groups), lambda: store.list_groups(ALICE, 25, NEWER.sort_key)),
    Pattern("list-messages", source(store.list_messages), lambda: _list_messages(None, newest_first=True)),
    Pattern(
        "list-messages-next-page", source(store.list_messages), lambda: _list_messages(NEXT.sort_key, newest_first=True)
    ),
    Pattern(
        "list-messages-oldest-first", source(store.list_messages), lambda: _list_messages(None, newest_first=False)
    ),
    Pattern("move-groups", source(store.move_groups), lambda: store.move_groups(NEWER)),
)
