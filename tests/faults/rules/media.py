"""Files and metadata agree."""

from collections.abc import Iterator

from tests.faults.memory import Item


def inconsistencies(items: list[Item]) -> Iterator[str]:
    """Yield objects that no media refers to: their owner could neither see nor delete them."""
    media = [item for place, item in items if place == "MediaTable" and "object_key" in item]
    files = {item["object_key"]["S"] for item in media}
    folders = {(item["owner"]["S"], item["id"]["S"]) for item in media}
    for place, item in items:
        if place == "mediabucket" and item["key"] not in files and tuple(item["key"].split("/")[1:3]) not in folders:
            yield f"{item['key']} belongs to no media"
