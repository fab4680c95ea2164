"""OnMediaUploadFunction: events that are repeated, late, out of order, or unexpected."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from dev.application.in_process import lambda_context
from media import delete, files, store
from media.on_upload import handler
from tests.media_files import MP4, PDF, image_file, photo
from tests.unit.conftest import LogLines
from tests.unit.http_events import call
from tests.unit.media.calls import ID, OTHER, OWNER, items, media_event, s3_event
from tests.unit.media.conftest import Bucket
from tests.unit.media.uploads import expect, send, stored, tell

pytestmark = pytest.mark.usefixtures("clock")


def outcomes(log_lines: LogLines) -> list[str]:
    return [line["outcome"] for line in log_lines() if "outcome" in line]


def test_repeated_event_changes_nothing(bucket: Bucket, log_lines: LogLines) -> None:
    media = expect(content_type="image/png")
    version = send(bucket, media, image_file())
    tell(media, version)
    before = items(), bucket.versions()

    tell(media, version)

    assert (items(), bucket.versions()) == before
    assert outcomes(log_lines) == ["ready", "repeated"]


@pytest.mark.parametrize("first", [0, 1])
def test_first_inspected_version_counts(bucket: Bucket, first: int) -> None:
    media = expect()
    versions = [send(bucket, media), send(bucket, media)]

    tell(media, versions[first])
    tell(media, versions[1 - first])

    assert (stored().status, stored().version_id) == ("ready", versions[first])
    assert bucket.versions() == [(media.object_key, versions[first])]


def test_second_version_in_one_event_is_discarded(bucket: Bucket, log_lines: LogLines) -> None:
    media = expect()
    versions = [send(bucket, media), send(bucket, media)]

    tell(media, *versions)

    assert bucket.versions() == [(media.object_key, versions[0])]
    assert outcomes(log_lines) == ["ready", "discarded"]


def test_repeated_event_after_a_rejection_does_not_read_from_s3(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The version is deleted, so there is nothing to read."""
    media = expect()
    version = send(bucket, media, PDF)
    tell(media, version)
    monkeypatch.setattr(files._s3, "head_object", pytest.fail)

    tell(media, version)

    assert stored().status == "rejected"


def test_repeated_event_deletes_a_rejected_file_that_was_left(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    media = expect()
    version = send(bucket, media, PDF)
    with monkeypatch.context() as patch:
        patch.setattr(files._s3, "delete_object", failing)
        with pytest.raises(ClientError):
            tell(media, version)

    tell(media, version)

    assert stored().status == "rejected"
    assert bucket.versions() == []


def failing(*_: Any, **__: Any) -> None:
    raise ClientError({"Error": {"Code": "SlowDown", "Message": ""}}, "Operation")


@pytest.mark.parametrize(
    "key", ["uploads/x", f"uploads/{OTHER}/{ID}", f"uploads/{OWNER}/{'f' * 32}", "uploads/", "uploads/x/"]
)
def test_unexpected_upload_is_deleted(bucket: Bucket, key: str) -> None:
    media = expect()
    version = bucket.put(key, MP4)

    handler(s3_event((key, version)), lambda_context())

    assert stored() == media
    assert bucket.versions() == []


def test_discarded_upload_leaves_nothing_of_an_attempt_that_failed(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    media = expect(content_type="image/jpeg")
    failed, faster = send(bucket, media, photo()), send(bucket, media, photo())
    with monkeypatch.context() as patch:
        patch.setattr(store, "complete_upload", failing)
        with pytest.raises(ClientError):
            tell(media, failed)
    tell(media, faster)

    tell(media, failed)

    assert [key for key, _ in bucket.versions()] == [
        f"shared/{OWNER}/{ID}/{faster}",
        f"thumbnails/{OWNER}/{ID}/{faster}",
        media.object_key,
    ]


def test_repeated_event_completes_an_upload_that_failed_after_its_thumbnail(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    media = expect(content_type="image/png")
    version = send(bucket, media, image_file())
    with monkeypatch.context() as patch:
        patch.setattr(store._dynamodb, "transact_write_items", failing)
        with pytest.raises(ClientError):
            tell(media, version)

    tell(media, version)
    call(delete.handler, media_event(id=ID))

    assert (items(), bucket.versions()) == ([], [])
