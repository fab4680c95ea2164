"""AWS clients: the only module that imports an AWS SDK.

One botocore session for the whole process, because each further one costs a third of a cold start. Clients
are made while the function initialises, when Lambda lends it a full processor, and connect there too.
"""

import os
from typing import TYPE_CHECKING

import botocore.session
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ClientError, HTTPClientError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

__all__ = ["ClientError", "dynamodb_client", "error_code"]

_session = botocore.session.get_session()


def dynamodb_client() -> "DynamoDBClient":
    """Return a new DynamoDB client whose connection is already open."""
    client: DynamoDBClient = _session.create_client("dynamodb")
    _connect(client)
    return client


def _connect(client: "DynamoDBClient") -> None:
    """Open the TLS connection now: its first use would otherwise load the certificates in the first request."""
    if "AWS_LAMBDA_FUNCTION_NAME" not in os.environ:
        return
    try:
        # Not a public interface of botocore; if it moves, the first request connects instead.
        client._endpoint.http_session.send(AWSRequest("GET", client.meta.endpoint_url).prepare())  # type: ignore[attr-defined]
    except (AttributeError, HTTPClientError):
        pass


def error_code(error: ClientError) -> str:
    """Return the service's name for an error, such as `ConditionalCheckFailedException`."""
    return error.response["Error"]["Code"]
