"""AWS clients: the only module that imports an AWS SDK.

One botocore session for the whole process, because each further one costs a third of a cold start. Clients
are made while the function initialises, when Lambda lends it a full processor, and connect there too.
"""

import contextlib
import functools
import logging
import os
from typing import TYPE_CHECKING, cast

import botocore.session
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client

__all__ = ["ClientError", "cancellation_codes", "dynamodb_client", "error_code", "s3_client"]

logging.getLogger("botocore").setLevel(logging.WARNING)  # tells at INFO where it found its credentials
_session = botocore.session.get_session()

# The defaults, 60 s each, would let one stalled connection take the whole invocation.
_CONFIG = Config(connect_timeout=1, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 3})

# Whoever follows a signed link needs the bucket's own host in its own region, and Signature Version 4.
_S3_CONFIG = _CONFIG.merge(
    Config(signature_version="s3v4", s3={"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"})
)


@functools.cache
def dynamodb_client() -> "DynamoDBClient":
    """Return the process's DynamoDB client, its connection already open."""
    client = cast("DynamoDBClient", _session.create_client("dynamodb", config=_CONFIG))
    _connect(client)
    return client


@functools.cache
def s3_client() -> "S3Client":
    """Return the process's S3 client. It connects later: every bucket has a host of its own."""
    return cast("S3Client", _session.create_client("s3", config=_S3_CONFIG))


def _connect(client: "DynamoDBClient") -> None:
    """Open the TLS connection now: its first use would otherwise load the certificates in the first request."""
    if "AWS_LAMBDA_FUNCTION_NAME" not in os.environ:
        return
    # Not a public interface of botocore; if it moves, the first request connects instead.
    with contextlib.suppress(AttributeError, HTTPClientError):
        client._endpoint.http_session.send(AWSRequest("GET", client.meta.endpoint_url).prepare())  # type: ignore[attr-defined]


def error_code(error: ClientError) -> str:
    """Return the service's name for an error, such as `ConditionalCheckFailedException`."""
    return error.response["Error"]["Code"]


def cancellation_codes(error: ClientError) -> set[str]:
    """Return why a transaction was cancelled, such as `ConditionalCheckFailed`; nothing for any other error."""
    return {reason["Code"] for reason in error.response.get("CancellationReasons", [])} - {"None"}
