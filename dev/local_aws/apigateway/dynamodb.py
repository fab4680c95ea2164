"""The request of API Gateway to DynamoDB: a rendered text, signed with the role of the integration."""

import functools
import json
import os
import socket
from typing import Any

import botocore.session
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.httpsession import URLLib3Session

TIMEOUT_SECONDS = 10

_NOT_JSON = {"__type": "com.amazon.coral.service#SerializationException"}


def call(action: str, text: str) -> tuple[int, dict[str, Any]]:
    """Return status and answer of a DynamoDB action, also for errors. Uses the credentials of the process."""
    if not _is_valid(text):
        return 400, _NOT_JSON  # as DynamoDB; the emulator's answer to it varies
    session = _session()
    credentials = session.get_credentials()
    if credentials is None:
        raise LookupError("The function has no credentials")
    request = AWSRequest(
        "POST",
        os.environ["AWS_ENDPOINT_URL"],
        data=text.encode(),
        headers={"X-Amz-Target": f"DynamoDB_20120810.{action}", "Content-Type": "application/x-amz-json-1.0"},
    )
    SigV4Auth(credentials, "dynamodb", session.get_config_variable("region")).add_auth(request)
    answer = _http().send(request.prepare())
    return answer.status_code, json.loads(answer.content or "{}")


def _is_valid(text: str) -> bool:
    """Return whether the text is JSON whose strings are valid Unicode, without lone surrogates."""
    try:
        json.dumps(json.loads(text), ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return False
    return True


@functools.cache
def _session() -> botocore.session.Session:
    """Cached, because creating a session takes 7 ms and the role of the process does not change."""
    return botocore.session.get_session()


@functools.cache
def _http() -> URLLib3Session:
    # Without TCP_NODELAY a request waits 40 ms for the acknowledgement of its headers.
    return URLLib3Session(timeout=TIMEOUT_SECONDS, socket_options=[(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)])  # type: ignore[list-item]
