"""What AWS in memory holds. Asking moto's API takes far longer."""

import pickle
from collections.abc import Iterator
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.s3.models import FakeDeleteMarker, s3_backends

from dev.local_aws.emulator import REGION

type Item = tuple[str, dict[str, Any]]
"""The name of a table and an item's attribute values, or the name of a bucket and an object's `key` and content."""


def items() -> Iterator[Item]:
    """Yield every item and every object that is not deleted."""
    tables, buckets = _held()
    for name, table in tables.items():
        yield from ((name, item.to_json()["Attributes"]) for item in table.all_items())
    for name, bucket in buckets.items():
        for key, found in bucket.keys.items():
            if not isinstance(found, FakeDeleteMarker):
                yield name, {"key": key, "content": str(found.value), "metadata": dict(found.metadata)}


def copied() -> bytes:
    """Return a copy of everything, for `restore`."""
    return pickle.dumps(_held())


def restore(copy: bytes) -> None:
    """Hold what was copied."""
    for held, copied in zip(_held(), pickle.loads(copy), strict=True):
        held.update(copied)


def _held() -> tuple[dict[str, Any], dict[str, Any]]:
    return dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables, s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets
