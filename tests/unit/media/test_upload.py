"""UploadMediaFunction, beyond its event files."""

import hashlib
from typing import Any

import pytest
from botocore.exceptions import ClientError

from media import files, store
from media.delete import handler as delete_handler
from media.list import handler as list_handler
from media.model import Media
from media.upload import handler
from tests.media_files import MP4, PDF, TEXT, photo
from tests.multipart_forms import multipart
from tests.unit.clock import Clock
from tests.unit.http_events import call
from tests.unit.media.calls import API_URL, OWNER, items, media_event, upload_event
from tests.unit.media.conftest import Bucket
from tests.unit.sdk import lost_answer

pytestmark = pytest.mark.usefixtures("dynamodb")


def test_response_is_the_media(clock: Clock) -> None:
    status, media, headers = call(handler, upload_event(TEXT, name="Ünïcode", caption="two\nlines"))

    assert status == 201
    assert media == {
        "id": media["id"],
        "name": "Ünïcode",
        "caption": "two\nlines",
        "filename": "notes.txt",
        "content_type": "text/plain",
        "size": 21,
        "sha256": hashlib.sha256(TEXT).hexdigest(),
        "status": "ready",
        "reason": None,
        "width": None,
        "height": None,
        "created_at": "2026-03-31T12:00:00.000Z",
        "expires_at": "2026-06-29T12:00:00.000Z",
        "downloads": 0,
        "download_url": f"{API_URL}/media/{media['id']}/download",
        "thumbnail_url": None,
        "shared_with_metadata": False,
    }
    assert headers["Location"] == f"/v1/media/{media['id']}"


def test_file_is_stored_for_its_owner(bucket: Bucket) -> None:
    _, media, _ = call(handler, upload_event(PDF, "application/pdf"))

    key = f"files/{OWNER}/{media['id']}"
    ((stored_key, version_id),) = bucket.versions()
    item = items()[0]
    assert (stored_key, bucket.get(key)) == (key, PDF)
    assert (item["owner"]["S"], item["object_key"]["S"], item["version_id"]["S"]) == (OWNER, key, version_id)


def test_image_has_a_thumbnail_without_exif(bucket: Bucket) -> None:
    _, media, _ = call(handler, upload_event(photo(), "image/jpeg"))

    item = items()[0]
    made = bucket.get(f"thumbnails/{OWNER}/{media['id']}/{item['version_id']['S']}")
    assert (media["width"], media["height"]) == (40, 20)
    assert made[8:12] == b"WEBP"
    assert b"canary" not in made


def test_photo_has_a_copy_without_location_for_share_links(bucket: Bucket) -> None:
    call(handler, upload_event(photo(), "image/jpeg"))

    (item,) = (item for item in items() if "object_key" in item)
    assert b"canary-camera" in bucket.get(item["object_key"]["S"])
    assert b"canary-camera" not in bucket.get(item["shared_key"]["S"])


def test_items_expire_by_themselves(clock: Clock) -> None:
    call(handler, upload_event(TEXT))

    assert [item["ttl"] for item in items()] == [{"N": "1782734400"}] * 2


def test_type_unknown_to_the_browser_is_detected() -> None:
    assert call(handler, upload_event(MP4, "application/octet-stream"))[1]["content_type"] == "video/mp4"


def test_nested_form_is_rejected() -> None:
    inner, inner_type = multipart([("file", "paper.pdf", "application/pdf", PDF)], "inner")

    status, problem, _ = call(handler, upload_event(inner, inner_type))

    assert (status, problem["code"]) == (422, "FileRejected")


BAD_REQUESTS = {
    "JSON": (media_event({"name": "x"}, headers={"Content-Type": "application/json"}), 415, "UnsupportedMediaType"),
    "no parts": (media_event(b"", headers={"Content-Type": "multipart/form-data; boundary=x"}), 400, "InvalidBody"),
    "path": (upload_event(TEXT, filename="../../etc/passwd"), 400, "InvalidBody"),
    "no name": (upload_event(TEXT, name=""), 400, "InvalidBody"),
    "one byte over": (upload_event(bytes(4 * 1024 * 1024 + 1)), 413, "FileTooLarge"),
    "no body": (upload_event(TEXT) | {"body": None}, 400, "InvalidBody"),
}


def test_bad_request_is_rejected_and_nothing_stored(subtests: pytest.Subtests, bucket: Bucket) -> None:
    for name, (event, status, code) in BAD_REQUESTS.items():
        with subtests.test(name):
            answer, problem, _ = call(handler, event)

            assert (answer, problem["code"]) == (status, code)
            assert (items(), bucket.versions()) == ([], [])


def test_four_mebibytes_are_accepted() -> None:
    text = b"x" * (4 * 1024 * 1024)

    assert call(handler, upload_event(text))[1]["size"] == 4_194_304


def test_repeated_upload_creates_another_media() -> None:
    ids = {call(handler, upload_event(TEXT))[1]["id"] for _ in range(2)}

    assert len(ids) == 2


def test_owner_sees_and_deletes_a_media_whose_upload_failed(
    bucket: Bucket, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last write fails. The file is stored by then."""
    with monkeypatch.context() as patch:
        patch.setattr(store, "complete_upload", throttled)
        assert call(handler, upload_event(TEXT))[0] == 429
    clock.time = "2026-06-29T11:59:59.000Z"  # the file is kept until noon

    (media,) = call(list_handler, media_event())[1]["items"]
    assert (media["status"], len(bucket.versions())) == ("pending", 1)
    assert call(delete_handler, media_event(id=media["id"]))[0] == 204
    assert (items(), bucket.versions()) == ([], [])


def test_media_that_is_deleted_during_the_upload_stays_deleted(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK stores the file twice, because the first answer is lost."""
    put_file = files.put_file

    def put_after_deletion(media: Media, data: bytes) -> str:
        call(delete_handler, media_event(id=media.id))
        put_file(media, data)
        return put_file(media, data)

    monkeypatch.setattr(files, "put_file", put_after_deletion)

    status, problem, _ = call(handler, upload_event(TEXT))

    assert (status, problem["code"]) == (404, "MediaNotFound")
    assert (items(), bucket.versions()) == ([], [])


def test_upload_repeated_by_the_sdk_is_a_success() -> None:
    with lost_answer(store._dynamodb, "TransactWriteItems"):
        status, media, _ = call(handler, upload_event(TEXT))

    assert (status, media["status"], len(items())) == (201, "ready", 2)


def test_busy_bucket_is_503(monkeypatch: pytest.MonkeyPatch) -> None:
    def reject(**_: Any) -> None:
        raise ClientError({"Error": {"Code": "SlowDown", "Message": ""}}, "PutObject")

    monkeypatch.setattr(files._s3, "put_object", reject)

    assert call(handler, upload_event(TEXT))[0] == 503
    assert [item["status"]["S"] for item in items()] == ["pending"]


def throttled(*_: Any, **_request: Any) -> None:
    raise ClientError({"Error": {"Code": "ThrottlingException", "Message": ""}}, "Operation")


def test_throttled_table_is_429(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store._dynamodb, "transact_write_items", throttled)

    assert call(handler, upload_event(TEXT))[0] == 429
    assert bucket.versions() == []
