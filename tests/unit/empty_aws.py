"""AWS in memory with empty tables and buckets, made once and copied for each test: making them takes far longer."""

import contextlib
import copy
import functools
from collections.abc import Iterator
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.s3.models import s3_backends

from dev.application.in_process import in_memory_aws
from dev.local_aws.emulator import REGION
from tests.template_facts import TEMPLATE


@contextlib.contextmanager
def empty_aws() -> Iterator[None]:
    """Provide every table and bucket of the template, empty, and the functions' environment."""
    tables, buckets, owners = _made()
    with in_memory_aws({"Resources": {}}):
        _backend(dynamodb_backends, REGION).tables.update(copy.deepcopy(tables))
        _backend(s3_backends, "aws").buckets.update(copy.deepcopy(buckets))
        s3_backends.bucket_accounts.update(owners)
        yield


@functools.cache
def _made() -> tuple[Any, Any, Any]:
    """Return what moto holds of tables and buckets that were just made."""
    with in_memory_aws(TEMPLATE):
        return (
            copy.deepcopy(_backend(dynamodb_backends, REGION).tables),
            copy.deepcopy(_backend(s3_backends, "aws").buckets),
            dict(s3_backends.bucket_accounts),
        )


def _backend(backends: Any, region: str) -> Any:
    return backends[DEFAULT_ACCOUNT_ID][region]
