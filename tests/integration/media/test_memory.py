"""What OnMediaUploadFunction takes for a large file: its own code, in this process, on the S3 of the stack."""

import tracemalloc
import uuid
from collections.abc import Callable, Iterator

import pytest

from dev.application.in_process import lambda_context
from dev.application.stack import Status
from dev.local_aws.emulator import root_session
from media import files, store, uploaded, usage
from media.on_upload import handler
from shared import aws
from tests.media_files import MP4
from tests.unit.media.calls import pending, s3_event

pytestmark = pytest.mark.slow
MEBIBYTE = 1024 * 1024
type PeakOf = Callable[[str, bytes, int], int]
"""Bytes of memory that an upload takes at most, by its type, its beginning and its size."""


@pytest.fixture
def peak_of(status: Status, monkeypatch: pytest.MonkeyPatch) -> Iterator[PeakOf]:
    s3 = root_session().client("s3", endpoint_url=status.endpoint_url)
    dynamodb = root_session().client("dynamodb", endpoint_url=status.endpoint_url)
    bucket, table = status.buckets["MediaBucket"], status.tables["MediaTable"]
    monkeypatch.setattr(files, "_s3", s3)
    monkeypatch.setattr(uploaded, "_s3", s3)
    monkeypatch.setattr(store, "_dynamodb", dynamodb)
    monkeypatch.setattr(usage, "_dynamodb", dynamodb)
    monkeypatch.setattr(aws, "dynamodb_client", lambda: dynamodb)
    monkeypatch.setenv("MEDIA_BUCKET", bucket)
    monkeypatch.setenv("MEDIA_TABLE", table)
    made = []

    def measure(content_type: str, head: bytes, size: int) -> int:
        media_id = uuid.uuid4().hex
        # Not under uploads/, of which S3 would tell the deployed function.
        media = pending(id=media_id, object_key=f"files/memory/{media_id}", content_type=content_type, size=size)
        store.put_media(media)
        made.append(media)
        version = s3.put_object(Bucket=bucket, Key=media.object_key, Body=head.ljust(size, b"x"))["VersionId"]
        tracemalloc.start()
        try:
            handler(s3_event((media.object_key, version)), lambda_context())
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        settled = store.find_media(media_id)
        assert settled is not None
        assert (settled.status, settled.size) == ("ready", size)
        return peak

    yield measure
    for media in made:
        files.delete_objects(media)
        dynamodb.delete_item(TableName=table, Key={"id": {"S": media.id}})


@pytest.mark.parametrize(("content_type", "head"), [("video/mp4", MP4), ("text/plain", b"text")])
def test_90_mebibytes_take_as_much_memory_as_four(peak_of: PeakOf, content_type: str, head: bytes) -> None:
    peak_of(content_type, head, MEBIBYTE)  # what is made but once

    small, large = peak_of(content_type, head, 4 * MEBIBYTE), peak_of(content_type, head, 90 * MEBIBYTE)

    assert large < small + MEBIBYTE // 4
