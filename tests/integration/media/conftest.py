"""Users of the media hub, and what the bucket and the table hold of them."""

from collections.abc import Callable, Iterator

import httpx
import pytest

from dev.application.stack import Stack, Status
from tests.integration.media.user import MediaUser
from tests.waiting import DEADLINE_SECONDS

type LeftOf = Callable[[str], dict[str, list[str]]]
"""Finds what is left of an owner, a media or a key: versions of objects by key, and ids of items."""


@pytest.fixture(scope="session")
def s3_http() -> Iterator[httpx.Client]:
    """An HTTP client without credentials, as a browser has when it sends forms to S3 and follows links."""
    with httpx.Client(timeout=DEADLINE_SECONDS, trust_env=False) as client:
        yield client


@pytest.fixture(scope="session")
def ann(alice: httpx.Client, s3_http: httpx.Client) -> MediaUser:
    """Alice, uploading."""
    return MediaUser(alice, s3_http)


@pytest.fixture(scope="session")
def ben(bob: httpx.Client, s3_http: httpx.Client) -> MediaUser:
    """Bob, who has no business with her files."""
    return MediaUser(bob, s3_http)


@pytest.fixture
def left_of(stack: Stack, status: Status) -> LeftOf:
    def find(part: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        pages = stack.client("s3").get_paginator("list_object_versions").paginate(Bucket=status.buckets["MediaBucket"])
        for page in pages:
            for version in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
                if part in version["Key"]:
                    found.setdefault(version["Key"], []).append(version["VersionId"])
        items = stack.client("dynamodb").scan(TableName=status.tables["MediaTable"], ConsistentRead=True)["Items"]
        if ids := [item["id"]["S"] for item in items if part in item["id"]["S"] or {"S": part} == item.get("owner")]:
            found["items"] = sorted(ids)
        return found

    return find
