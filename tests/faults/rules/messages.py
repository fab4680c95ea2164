"""Message groups and their rows agree."""

from collections.abc import Iterator

from tests.faults.memory import Item


def inconsistencies(items: list[Item]) -> Iterator[str]:
    """Yield message groups that do not have exactly one row for each member, at the newest message."""
    messages = [item for store, item in items if store == "MessagesTable"]
    rows = [item for item in messages if item["pk"]["S"].startswith("GRP#")]
    for group in (item for item in messages if item["sk"]["S"] == "GROUP"):
        group_id, newest = group["message_group_uuid"]["S"], group["newest_sk"]["S"]
        found = sorted((row["pk"]["S"], row["sk"]["S"]) for row in rows if row["message_group_uuid"]["S"] == group_id)
        if found != sorted((f"GRP#{member}", newest) for member in group["members"]["SS"]):
            yield f"message group {group_id} has its newest message at {newest} and the rows {found}"
