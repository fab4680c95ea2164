"""OnMediaUploadFunction: what happens to a media while its upload is examined."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from media import delete, files, inspect_upload, store
from media.model import Media
from tests.media_files import MP4, PDF, image_file
from tests.unit.http_events import call
from tests.unit.media.calls import ID, OWNER, items, media_event
from tests.unit.media.conftest import Bucket
from tests.unit.media.uploads import expect, send, stored, tell

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Any]], None]:
    """Does something while an upload is examined: before its thumbnail is written and its media settled."""
    examine = inspect_upload.inspect_upload

    def do(something: Callable[[], Any]) -> None:
        def examine_and_do(media: Media, upload: files.Upload) -> Media:
            monkeypatch.setattr(inspect_upload, "inspect_upload", examine)
            something()
            return examine(media, upload)

        monkeypatch.setattr(inspect_upload, "inspect_upload", examine_and_do)

    return do


def test_event_that_is_worked_on_twice_at_once_is_one_upload(
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


def test_two_versions_that_are_worked_on_at_once_are_one_upload(
    bucket: Bucket, meanwhile: Callable[[Callable[[], Any]], None]
) -> None:
    media = expect(content_type="image/png")
    slower, faster = send(bucket, media, image_file()), send(bucket, media, image_file())
    meanwhile(lambda: tell(media, faster))

    tell(media, slower)

    assert (stored().status, stored().version_id) == ("ready", faster)
    assert bucket.versions("uploads/") == [(media.object_key, faster)]
    assert visible(bucket) == {f"thumbnails/{OWNER}/{ID}/{faster}"}


def test_bad_file_that_is_worked_on_beside_a_good_one_does_not_count(
    bucket: Bucket, meanwhile: Callable[[Callable[[], Any]], None]
) -> None:
    media = expect()
    bad, good = send(bucket, media, PDF), send(bucket, media, MP4)
    meanwhile(lambda: tell(media, good))

    tell(media, bad)

    assert (stored().status, stored().version_id) == ("ready", good)
    assert bucket.versions() == [(media.object_key, good)]


def test_upload_that_is_deleted_while_it_is_examined_stays_deleted(
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

    assert items() == []
    assert visible(bucket) == set()


def visible(bucket: Bucket) -> set[str]:
    """Return the thumbnails that can still be fetched."""
    found = set()
    for key, _ in bucket.versions("thumbnails/"):
        try:
            bucket.get(key)
        except ClientError:
            continue
        found.add(key)
    return found


def test_upload_that_goes_while_it_is_looked_at_is_no_failure(
    bucket: Bucket, meanwhile: Callable[[Callable[[], Any]], None]
) -> None:
    """Another event for it was faster, or its owner deleted it: a repeat would find nothing either."""
    media = expect(content_type="image/png")
    version = send(bucket, media, image_file())
    meanwhile(lambda: files.delete_version(media.object_key, version))

    tell(media, version)

    assert stored().status == "pending"
