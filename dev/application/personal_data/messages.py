"""Messages that a person sent, and their list of message groups.

A message group stays while it has another member. The person's messages stay in it without text and sender.
"""

from collections.abc import Iterator

from dev.application.personal_data.person import FORGOTTEN, Person
from dev.application.personal_data.stores import Finding, Item, Stores

DELETED = {"S": "[deleted]"}
"""Replaces the text of a message."""


def _is_own(item: Item, person: Person) -> bool:
    """Return whether this is a row in the person's list."""
    return bool(item["pk"]["S"] == f"GRP#{person.sub}")


OWN = {"MessagesTable": _is_own}


def find(stores: Stores, person: Person) -> Iterator[Finding]:
    """Find rows of other members before messages, because the text in a row does not tell who sent it."""
    mentions = [item for item in stores.items("MessagesTable") if person.is_in(item)]
    sent = [item for item in mentions if "message_uuid" in item and item["user_uuid"]["S"] == person.sub]
    yield from stores.idempotency_records("id", {item["message_uuid"]["S"] for item in sent})
    left = [item for item in mentions if set(person.replaced_in(item.get("members", {}).get("SS", []))) == {FORGOTTEN}]
    yield from _groups_without_members(stores, left)
    gone = {item["pk"]["S"] for item in left}
    newest = {(item["pk"]["S"], item["sk"]["S"]) for item in sent}
    rows = [item for item in mentions if _is_of(item, person.sub) and (_group_of(item), item["sk"]["S"]) in newest]
    for item in (*rows, *sent):
        if _group_of(item) not in gone:
            yield stores.replace("MessagesTable", item, {"user_uuid": {"S": FORGOTTEN}, "message": DELETED})


def _groups_without_members(stores: Stores, groups: list[Item]) -> Iterator[Finding]:
    """Find all items of message groups that nobody can read any more. The message group itself comes last."""
    gone = {item["pk"]["S"] for item in groups}
    for item in stores.items("MessagesTable"):
        if gone and _group_of(item) in gone and "members" not in item:
            yield stores.delete("MessagesTable", item)
    for item in groups:
        yield stores.delete("MessagesTable", item)


def _is_of(row: Item, other: str) -> bool:
    """Return whether this is the row of a message group with `other` in a member's list."""
    return row["pk"]["S"].startswith("GRP#") and bool(row["user_uuid"]["S"] == other)


def _group_of(item: Item) -> str:
    """Return the partition of an item's message group."""
    key: str = item["pk"]["S"]
    return f"MSG#{item['message_group_uuid']['S']}" if key.startswith("GRP#") else key
