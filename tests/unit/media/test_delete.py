"""DeleteMediaFunction, beyond its event files."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from dev.application import in_process
from dev.application.in_process import lambda_context
from media import files, on_upload, store
from media.delete import handler
from media.model import Media
from tests.media_files import image_file
from tests.unit.clock import Clock
from tests.unit.http_events import call
from tests.unit.media.calls import ID, OWNER, a_media, items, media_event, pending, put, s3_event
from tests.unit.media.conftest import Bucket

KEY, THUMBNAIL, COPY = f"uploads/{OWNER}/{ID}", f"thumbnails/{OWNER}/{ID}/v1", f"shared/{OWNER}/{ID}/v1"


@pytest.fixture
def media(bucket: Bucket) -> Media:
    """A media with two versions of its file, two versions of its thumbnail below a delete marker, and a copy."""
    media = a_media(object_key=KEY, thumbnail_key=THUMBNAIL)
    for key in (KEY, KEY, THUMBNAIL, THUMBNAIL, COPY):
        bucket.put(key, b"data")
    in_process.client("s3").delete_object(Bucket="mediabucket", Key=THUMBNAIL)
    put(media)
    return media


def test_every_version_and_the_item_are_deleted(media: Media, bucket: Bucket) -> None:
    status, body, _ = call(handler, media_event(id=ID))

    assert (status, body) == (204, None)
    assert (items(), bucket.versions()) == ([], [])


def test_other_objects_are_not_deleted(media: Media, bucket: Bucket) -> None:
    kept = [
        bucket.put(key, b"data")
        for key in (f"uploads/{OWNER}/{'f' * 32}", f"uploads/other/{ID}", f"files/{OWNER}/{ID}")
    ]

    call(handler, media_event(id=ID))

    assert sorted(version for _, version in bucket.versions()) == sorted(kept)


def test_second_deletion_is_404(media: Media) -> None:
    call(handler, media_event(id=ID))

    assert call(handler, media_event(id=ID))[0] == 404


def test_interrupted_deletion_can_be_repeated(media: Media, bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(files._s3, "delete_object", failing_after(2, files._s3.delete_object))
        first = call(handler, media_event(id=ID))[0]
    left = len(items()), len(bucket.versions())
    second = call(handler, media_event(id=ID))[0]

    assert (first, left, second) == (503, (1, 4), 204)
    assert (items(), bucket.versions()) == ([], [])


def failing_after(calls: int, delete: Any) -> Any:
    remaining = iter(range(calls))

    def delete_object(**request: Any) -> Any:
        if next(remaining, None) is None:
            raise ClientError({"Error": {"Code": "SlowDown", "Message": ""}}, "DeleteObject")
        return delete(**request)

    return delete_object


def test_upload_that_completes_during_the_deletion_is_deleted_too(
    bucket: Bucket, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The event of the upload is processed after its objects are deleted and before its item is."""
    png = image_file()
    store.put_media(pending(content_type="image/png", size=len(png)))
    delete_media = store.delete_media

    def complete_first(*args: Any) -> Any:
        monkeypatch.setattr(store, "delete_media", delete_media)
        on_upload.handler(s3_event((KEY, bucket.put(KEY, png))), lambda_context())
        return delete_media(*args)

    monkeypatch.setattr(store, "delete_media", complete_first)

    status = call(handler, media_event(id=ID))[0]

    assert status == 204
    assert (items(), bucket.versions()) == ([], [])


def test_deletion_that_another_request_completes_is_a_success(media: Media, monkeypatch: pytest.MonkeyPatch) -> None:
    delete_objects = files.delete_objects

    def delete_after_another_request(media: Media) -> None:
        monkeypatch.setattr(files, "delete_objects", delete_objects)
        call(handler, media_event(id=ID))
        delete_objects(media)

    monkeypatch.setattr(files, "delete_objects", delete_after_another_request)

    assert call(handler, media_event(id=ID))[0] == 204
    assert items() == []
