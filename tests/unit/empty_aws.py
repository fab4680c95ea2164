"""AWS in memory with empty tables and buckets, made once and copied for each test: making them takes far longer."""

import contextlib
import pickle
from collections.abc import Iterator
from typing import Any
from unittest import mock

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.s3.models import s3_backends

from dev.application.in_process import in_memory_aws
from dev.local_aws.emulator import REGION
from tests.template_facts import TEMPLATE


@contextlib.contextmanager
def empty_aws(template: dict[str, Any] = TEMPLATE) -> Iterator[None]:
    """Provide every table and bucket of a template, empty, and the functions' environment."""
    tables, buckets, owners = _made.get(id(template)) or _made.setdefault(id(template), _make(template))
    # Moto intercepts botocore by itself; for other clients it would register a thousand addresses for each test.
    with mock.patch("moto.core.models.RESPONSES_METHODS", list[str]()), in_memory_aws({"Resources": {}}):
        replace_tables(tables)
        _backend(s3_backends, "aws").buckets.update(pickle.loads(buckets))
        s3_backends.bucket_accounts.update(owners)
        yield


_made: dict[int, tuple[bytes, bytes, Any]] = {}
"""By identity of the template."""


def _make(template: dict[str, Any]) -> tuple[bytes, bytes, Any]:
    """Return what moto holds of tables and buckets that were just made."""
    with in_memory_aws(template):
        return (
            copied_tables(),
            pickle.dumps(_backend(s3_backends, "aws").buckets),
            dict(s3_backends.bucket_accounts),
        )


def copied_tables() -> bytes:
    """Return a copy of all that the tables hold, for `replace_tables`. Pickle copies four times faster than `copy`."""
    return pickle.dumps(_backend(dynamodb_backends, REGION).tables)


def replace_tables(tables: bytes) -> None:
    """Make the tables hold what `copied_tables` found."""
    _backend(dynamodb_backends, REGION).tables.update(pickle.loads(tables))


def _backend(backends: Any, region: str) -> Any:
    return backends[DEFAULT_ACCOUNT_ID][region]
