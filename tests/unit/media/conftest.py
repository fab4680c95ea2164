"""The table and the bucket of the media functions, in memory."""

from typing import Any

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from dev.application import in_process
from media.model import Media
from tests.unit.media.calls import OWNER, a_media, put


class Bucket:
    """The media bucket in memory."""

    def put(self, key: str, data: bytes, **how: Any) -> str:
        """Put an object, as a presigned POST does. Returns its version id."""
        answer: dict[str, str] = in_process.client("s3").put_object(Bucket="mediabucket", Key=key, Body=data, **how)
        return answer["VersionId"]

    def get(self, key: str) -> bytes:
        data: bytes = in_process.client("s3").get_object(Bucket="mediabucket", Key=key)["Body"].read()
        return data

    def versions(self, prefix: str = "") -> list[tuple[str, str]]:
        """Return key and version id of all versions and delete markers."""
        page = in_process.client("s3").list_object_versions(Bucket="mediabucket", Prefix=prefix)
        return [
            (each["Key"], each["VersionId"]) for each in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        ]


@pytest.fixture
def bucket(dynamodb: DynamoDBClient) -> Bucket:
    return Bucket()


@pytest.fixture
def ready(dynamodb: DynamoDBClient) -> Media:
    """A stored media of OWNER that is ready."""
    media = a_media(owner=OWNER)
    put(media)
    return media
