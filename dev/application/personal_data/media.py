"""Files that a person uploaded, in all versions, with their metadata, links and counts."""

from collections.abc import Iterator

from dev.application.personal_data.person import Person
from dev.application.personal_data.stores import Finding, Item, Stores

_PREFIXES = ("files", "uploads", "thumbnails", "shared")


def _is_own(item: Item, person: Person) -> bool:
    return bool(person.sub) and (item.get("owner") == {"S": person.sub} or item["id"] == {"S": f"{person.sub}#usage"})


OWN = {"MediaTable": _is_own}


def find(stores: Stores, person: Person) -> Iterator[Finding]:
    """Find objects by the owner in their key, and activities by the id of their media."""
    if not person.sub:
        return
    for prefix in _PREFIXES:
        for version in stores.versions("MediaBucket", f"{prefix}/{person.sub}/"):
            yield stores.delete_version("MediaBucket", version)
    items = {item["id"]["S"]: item for item in stores.items("MediaTable")}
    for media_id, item in items.items():
        if _is_own(item, person) and (activity := items.get(f"{media_id}#activity")):
            yield stores.delete("MediaTable", activity)
