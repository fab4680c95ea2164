"""Failed events in the failure bucket: a person's records are taken out of their batch."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from dev.application.personal_data.person import Person
from dev.application.personal_data.stores import Finding, Stores
from dev.redrive.invocation_record import parse
from dev.redrive.stack import BUCKET

type IsOwn = Callable[[str, Mapping[str, Any]], bool]
"""Whether an item of a table (logical id) is the person's own."""


def find(stores: Stores, person: Person, is_own: IsOwn) -> Iterator[Finding]:
    """Find invocation records that contain the person. One without other records is deleted."""
    for version in stores.versions(BUCKET):
        content = stores.content(BUCKET, version)
        failed = parse(content)
        records = failed.event.get("Records", [failed.event]) if failed else [content.decode(errors="replace")]
        kept = [each for each in records if not _is_about(each, stores, person, is_own)]
        if records and not kept:
            yield stores.delete_version(BUCKET, version)
        elif failed and len(kept) < len(records):
            event = failed.event | {"Records": kept}
            changed = {"payload": json.dumps(event)} if failed.stream_records else {"requestPayload": event}
            yield stores.replace_version(BUCKET, version, json.dumps(json.loads(content) | changed))


def _is_about(record: Any, stores: Stores, person: Person, is_own: IsOwn) -> bool:
    if person.is_in(record):
        return True
    if isinstance(record, str) or "dynamodb" not in record:  # no invocation record, or an upload
        return False
    change, name = record["dynamodb"], record["eventSourceARN"].split("/")[1]
    item = change["Keys"] | change.get("OldImage", {}) | change.get("NewImage", {})
    return any(is_own(table, item) for table, physical in stores.tables.items() if physical == name)
