"""What tests of consumers share: spoil a deployed one, read and redrive its failed events."""

import contextlib
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

import httpx

from dev.application.deployed_stack import local
from dev.application.stack import Stack
from dev.redrive.stack import open_redrive


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


def failed_events(stack: Stack, function: str) -> list[dict[str, Any]]:
    """Return the invocation records of a function (logical id) in the failure bucket."""
    s3, bucket = stack.client("s3"), stack.status().buckets["FailureBucket"]
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    contents = [
        json.loads(s3.get_object(Bucket=bucket, Key=each["Key"])["Body"].read())
        for page in pages
        for each in page.get("Contents", [])
    ]
    name = stack.status().functions[function]
    return [content for content in contents if content["requestContext"]["functionArn"].split(":")[6] == name]


def redriven(stack: Stack, function: str) -> list[str]:
    """Redrive the failed events of a function (logical id). Return their states."""
    return [result.state for result in open_redrive(local(stack)).run(function, None, dry_run=False)]
