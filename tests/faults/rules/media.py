"""Files, metadata and usage agree."""

from collections import Counter
from collections.abc import Iterator

from tests.faults.memory import Item

TOTALS = {"bytes_by_day"}


def inconsistencies(items: list[Item]) -> Iterator[str]:
    """Yield objects that no media refers to, which their owner could neither see nor delete, and wrong usages."""
    media = [item for store, item in items if store == "MediaTable" and "object_key" in item]
    files = {item["object_key"]["S"] for item in media}
    folders = {(item["owner"]["S"], item["id"]["S"]) for item in media}
    for store, item in items:
        if store == "mediabucket" and item["key"] not in files and tuple(item["key"].split("/")[1:3]) not in folders:
            yield f"{item['key']} belongs to no media"
    for usage in (item for _, item in items if "bytes_by_day" in item):
        owned = [item for item in media if f"{item['owner']['S']}#usage" == usage["id"]["S"]]
        days = Counter[str]()
        for item in owned:
            days[item["expires_at"]["S"][:10]] += int(item["size"]["N"])
        pending = {item["id"]["S"] for item in owned if item["status"]["S"] == "pending"}
        counted = Counter({day: int(value["N"]) for day, value in usage["bytes_by_day"]["M"].items()})
        if (counted, usage["pending"]["M"].keys()) != (days, pending):
            yield f"{usage['id']['S']} is not the usage of the owner's media"
