"""AWS clients: the only module that imports an AWS SDK.

The process has one botocore session, since each further one costs a third of a cold start. Clients are created and
connected while the function initializes, because Lambda then gives it a full processor.
"""

import contextlib
import functools
import logging
import os
import random
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

import botocore.session
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client

__all__ = ["ClientError"]  # for mypy: stores import botocore's from here

logging.getLogger("botocore").setLevel(logging.WARNING)  # at INFO it logs where it found the credentials
_session = botocore.session.get_session()

CALLS_AT_ONCE = 25
"""Each needs a connection. Clients open one when it is needed, and keep it."""

PAUSE_SECONDS = 0.02
"""Longest pause before the second attempt to write; it doubles with each attempt."""

# With the defaults of 60 s, one stalled connection would use up the whole invocation.
_CONFIG = Config(
    connect_timeout=1,
    read_timeout=3,
    retries={"mode": "standard", "total_max_attempts": 3},
    max_pool_connections=CALLS_AT_ONCE,
    user_agent=f"Botocore/{botocore.__version__}",  # botocore composes its default twice for each request
)

# Presigned URLs need the bucket's own host in its own region, and Signature Version 4.
_S3_CONFIG = _CONFIG.merge(
    Config(signature_version="s3v4", s3={"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"})
)


class ConditionFailedError(Exception):
    """Conditions of a transaction failed.

    `items` maps the index of each write whose condition failed to the existing item, None if there is none. Items are
    known for writes with ReturnValuesOnConditionCheckFailure.
    """

    def __init__(self, items: dict[int, dict[str, Any] | None]) -> None:
        super().__init__(f"failed conditions: {sorted(items)}")
        self.items = items


@functools.cache
def dynamodb_client() -> "DynamoDBClient":
    """Return the process's DynamoDB client, already connected."""
    client = cast("DynamoDBClient", _session.create_client("dynamodb", config=_CONFIG))
    _connect(client)
    return client


@functools.cache
def s3_client() -> "S3Client":
    """Return the process's S3 client. It connects at the first request, because every bucket has its own host."""
    return cast("S3Client", _session.create_client("s3", config=_S3_CONFIG))


def _connect(client: "DynamoDBClient") -> None:
    """Open the TLS connection: loading the certificates would otherwise slow down the first request."""
    if "AWS_LAMBDA_FUNCTION_NAME" not in os.environ:
        return
    # This interface of botocore is private. If it changes or DynamoDB does not answer, the first request connects.
    with contextlib.suppress(AttributeError, BotoCoreError):
        client._endpoint.http_session.send(AWSRequest("GET", client.meta.endpoint_url).prepare())  # type: ignore[attr-defined]


def transact_write(writes: list[dict[str, Any]]) -> None:
    """Write all items or none. The SDK adds a token, so that its own repeats within ten minutes have no effect.

    Raises ConditionFailedError if only conditions failed, and ClientError for other reasons.
    """
    try:
        dynamodb_client().transact_write_items(TransactItems=cast("Any", writes))
    except ClientError as error:
        if cancellation_codes(error) != {"ConditionalCheckFailed"}:
            raise
        reasons: list[Any] = list(error.response["CancellationReasons"])
        failed = {index: reason.get("Item") for index, reason in enumerate(reasons) if reason["Code"] != "None"}
        raise ConditionFailedError(failed) from error


def attempts(most: int) -> Iterator[None]:
    """Yield for each attempt to write. Pauses before all but the first, for a random time whose limit doubles."""
    for number in range(most):
        if number:
            time.sleep(random.uniform(0, PAUSE_SECONDS * 2 ** (number - 1)))  # noqa: S311 # nosec B311 - spreads the attempts
        yield


def error_code(error: ClientError) -> str:
    """Return the service's name for an error, such as `ConditionalCheckFailedException`."""
    return error.response["Error"]["Code"]


def is_write_conflict(error: ClientError) -> bool:
    """Return whether other writes of the same items cancelled a transaction. A new read and write may succeed."""
    codes = cancellation_codes(error)
    return bool(codes) and codes <= {"ConditionalCheckFailed", "TransactionConflict"}


def cancellation_codes(error: ClientError) -> set[str]:
    """Return why a transaction was cancelled, such as `ConditionalCheckFailed`; nothing for any other error."""
    return {reason["Code"] for reason in error.response.get("CancellationReasons", [])} - {"None"}
