"""What tests of stream consumers share: spoil a deployed one, wait, look into its queue."""

import contextlib
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import httpx

from dev.application.stack import Stack


@contextlib.contextmanager
def spoilt(stack: Stack, function: str, source: str, handler: str) -> Iterator[None]:
    """Add a module `spoilt` to a deployed function (logical id), and let `handler` of it take the events meanwhile."""
    client, name = stack.client("lambda"), stack.status().functions[function]
    deployed = client.get_function(FunctionName=name)
    original = httpx.get(deployed["Code"]["Location"], trust_env=False).content
    archive = io.BytesIO(original)
    with zipfile.ZipFile(archive, "a") as code:
        code.writestr("spoilt.py", source)
    client.update_function_code(FunctionName=name, ZipFile=archive.getvalue())
    client.update_function_configuration(FunctionName=name, Handler=f"spoilt.{handler}")
    try:
        yield
    finally:
        client.update_function_configuration(FunctionName=name, Handler=deployed["Configuration"]["Handler"])
        client.update_function_code(FunctionName=name, ZipFile=original)


def waiting_messages(stack: Stack, queue_url: str) -> int:
    attributes = stack.client("sqs").get_queue_attributes(QueueUrl=queue_url, AttributeNames=["All"])["Attributes"]
    return int(attributes["ApproximateNumberOfMessages"])


def look_at_message(stack: Stack, queue_url: str) -> dict[str, Any]:
    """Return the content of the only message, which stays visible."""
    (message,) = stack.client("sqs").receive_message(QueueUrl=queue_url, VisibilityTimeout=0)["Messages"]
    content: dict[str, Any] = json.loads(message["Body"])
    return content
