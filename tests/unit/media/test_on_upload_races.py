"""OnMediaUploadFunction: changes of a media during the inspection of its upload."""

from collections.abc import Callable
from typing import Any

import pytest

from media import delete, files, inspection, store
from media.inspection import Upload
from media.model import Media
from tests.media_files import MP4, PDF, image_file
from tests.unit.http_events import call
from tests.unit.media.calls import ID, OWNER, items, media_event
from tests.unit.media.conftest import Bucket
from tests.unit.media.uploads import expect, send, stored, tell

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Any]], None]:
    """Calls a function during the inspection of an upload, before its thumbnail is stored."""
    examine = inspection.inspect_upload

    def do(something: Callable[[], Any]) -> None:
        def examine_and_do(media: Media, upload: Upload) -> Media:
            monkeypatch.setattr(inspection, "inspect_upload", examine)
            something()
            return examine(media, upload)

        monkeypatch.setattr(inspection, "inspect_upload", examine_and_do)

    return do


def test_concurrent_events_for_one_version_complete_one_upload(
    bucket: Bucket, meanwhile: Callable[[Callable[[], Any]], None]
) -> None:
    media = expect(content_type="image/png")
    version = send(bucket, media, image_file())
    meanwhile(lambda: tell(media, version))

    tell(media, version)

    key = f"thumbnails/{OWNER}/{ID}/{version}"
    assert (stored().status, stored().version_id, stored().thumbnail_key) == ("ready", version, key)
    assert bucket.get(key)[8:12] == b"WEBP"
    assert bucket.get(media.object_key) == image_file()


def test_concurrent_events_for_two_versions_complete_one_upload(
    bucket: Bucket, meanwhile: Callable[[Callable[[], Any]], None]
) -> None:
    media = expect(content_type="image/png")
    slower, faster = send(bucket, media, image_file()), send(bucket, media, image_file())
    meanwhile(lambda: tell(media, faster))

    tell(media, slower)

    assert (stored().status, stored().version_id) == ("ready", faster)
    assert bucket.versions("uploads/") == [(media.object_key, faster)]
    assert [key for key, _ in bucket.versions("thumbnails/")] == [f"thumbnails/{OWNER}/{ID}/{faster}"]


def test_bad_file_does_not_replace_a_good_one_that_was_faster(
    bucket: Bucket, meanwhile: Callable[[Callable[[], Any]], None]
) -> None:
    media = expect()
    bad, good = send(bucket, media, PDF), send(bucket, media, MP4)
    meanwhile(lambda: tell(media, good))

    tell(media, bad)

    assert (stored().status, stored().version_id) == ("ready", good)
    assert bucket.versions() == [(media.object_key, good)]


def test_media_that_is_deleted_during_the_inspection_stays_deleted(
    bucket: Bucket, meanwhile: Callable[[Callable[[], Any]], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    media = expect(content_type="image/png")
    version = send(bucket, media, image_file())
    complete_upload = store.complete_upload

    def complete_after_deletion(*args: Any) -> None:
        call(delete.handler, media_event(id=ID))
        complete_upload(*args)

    monkeypatch.setattr(store, "complete_upload", complete_after_deletion)

    tell(media, version)

    assert (items(), bucket.versions()) == ([], [])


def test_upload_that_is_deleted_during_the_inspection_is_no_failure(
    bucket: Bucket, meanwhile: Callable[[Callable[[], Any]], None]
) -> None:
    """Another event or the owner has deleted it, so a repetition would not find it either."""
    media = expect(content_type="image/png")
    version = send(bucket, media, image_file())
    meanwhile(lambda: files.delete_version(media.object_key, version))

    tell(media, version)

    assert stored().status == "pending"
