"""OnMediaUploadFunction: the outcome of one upload, beyond its event files."""

import hashlib
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from dev.application.in_process import lambda_context
from media import files, inspection, store
from media.on_upload import handler
from tests.media_files import MP4, PDF, image_file, photo
from tests.unit.media.calls import ID, OWNER, s3_event
from tests.unit.media.conftest import Bucket
from tests.unit.media.uploads import expect, send, stored, tell

pytestmark = pytest.mark.usefixtures("clock")
SHA256 = hashlib.sha256(MP4).hexdigest()


def test_good_file_becomes_ready(bucket: Bucket) -> None:
    media = expect()
    version = send(bucket, media)

    tell(media, version)

    assert (stored().status, stored().version_id, stored().size, stored().sha256) == ("ready", version, 32, SHA256)
    assert bucket.versions() == [(media.object_key, version)]


def test_ready_media_expires_after_the_retention_time(bucket: Bucket) -> None:
    media = expect(created_at="2026-03-31T11:59:00.000Z", expires_at="2026-04-01T11:59:00.000Z")

    tell(media, send(bucket, media))

    assert stored().expires_at == "2026-06-29T11:59:00.000Z"


def test_texts_of_the_owner_are_kept(bucket: Bucket) -> None:
    media = expect(name="Ünïcode", caption="two\nlines", filename="film 😀.mp4")

    tell(media, send(bucket, media))

    kept = stored()
    assert (kept.owner, kept.name, kept.caption, kept.filename) == (OWNER, "Ünïcode", "two\nlines", "film 😀.mp4")


def test_image_has_width_height_and_a_thumbnail_without_exif(bucket: Bucket) -> None:
    media = expect(content_type="image/jpeg")
    version = send(bucket, media, photo())

    tell(media, version)

    key = f"thumbnails/{OWNER}/{ID}/{version}"
    assert (stored().width, stored().height, stored().thumbnail_key) == (40, 20, key)
    assert bucket.get(key)[8:12] == b"WEBP"
    assert b"canary" not in bucket.get(key)


def test_photo_has_a_copy_without_location_for_share_links(bucket: Bucket) -> None:
    media = expect(content_type="image/jpeg")
    version = send(bucket, media, photo())

    tell(media, version)

    assert stored().shared_key == f"shared/{OWNER}/{ID}/{version}"
    assert bucket.get(media.object_key) == photo()
    assert b"canary-camera" not in bucket.get(f"shared/{OWNER}/{ID}/{version}")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "The file is empty."),
        (PDF, "The file is application/pdf, but it was declared as another type."),
        (image_file()[:-20], "The image is damaged."),
    ],
)
def test_rejected_media_has_a_reason(bucket: Bucket, data: bytes, reason: str) -> None:
    media = expect(content_type="image/png")

    tell(media, send(bucket, media, data))

    assert stored().reason == reason


def test_rejected_media_expires_like_a_pending_one(bucket: Bucket) -> None:
    media = expect(expires_at="2026-04-01T11:59:00.000Z")

    tell(media, send(bucket, media, PDF))

    assert stored().expires_at == "2026-04-01T11:59:00.000Z"


def test_announced_checksum_is_confirmed(bucket: Bucket) -> None:
    media = expect(sha256=SHA256)

    tell(media, send(bucket, media))

    assert (stored().status, stored().sha256) == ("ready", SHA256)


def test_file_with_another_checksum_is_rejected(bucket: Bucket) -> None:
    media = expect(sha256="5e" * 32)

    tell(media, send(bucket, media))

    assert (stored().status, stored().sha256) == ("rejected", None)
    assert stored().reason == "The file does not have the announced SHA-256."


def test_checksum_of_a_large_file_comes_from_s3(bucket: Bucket) -> None:
    data = MP4 + bytes(100_000)
    sha256 = hashlib.sha256(data).hexdigest()
    media = expect(sha256=sha256)

    tell(media, send(bucket, media, data, ChecksumAlgorithm="SHA256"))

    assert (stored().status, stored().sha256) == ("ready", sha256)


def test_unconfirmed_checksum_is_removed(bucket: Bucket) -> None:
    media = expect(sha256="5e" * 32)

    tell(media, send(bucket, media, MP4 + bytes(100_000)))

    assert (stored().status, stored().sha256) == ("ready", None)


@pytest.mark.parametrize(("end", "status"), [(b"x", "ready"), (b"\x00", "rejected")])
def test_large_text_is_checked_to_its_end(bucket: Bucket, end: bytes, status: str) -> None:
    media = expect(content_type="text/plain")

    tell(media, send(bucket, media, b"x" * (inspection.PIECE_BYTES - 2) + "😀".encode() + end))

    assert stored().status == status


def test_key_is_url_decoded(bucket: Bucket) -> None:
    media = expect(owner="a b+c:ü", object_key=f"uploads/a b+c:ü/{ID}")
    version = send(bucket, media)

    handler(s3_event((f"uploads/a+b%2Bc%3A%C3%BC/{ID}", version)), lambda_context())

    assert stored().status == "ready"


@pytest.mark.parametrize("operation", ["head_object", "get_object", "put_object"])
def test_failure_of_s3_is_raised_and_changes_nothing(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch, operation: str
) -> None:
    media = expect(content_type="image/png")
    version = send(bucket, media, image_file())
    monkeypatch.setattr(files._s3, operation, failing("SlowDown"))

    with pytest.raises(ClientError, match="SlowDown"):
        tell(media, version)

    assert stored() == media


@pytest.mark.parametrize("operation", ["get_item", "transact_write_items"])
def test_failure_of_the_table_is_raised(bucket: Bucket, monkeypatch: pytest.MonkeyPatch, operation: str) -> None:
    media = expect()
    version = send(bucket, media)
    monkeypatch.setattr(store._dynamodb, operation, failing("ThrottlingException"))

    with pytest.raises(ClientError, match="Throttling"):
        tell(media, version)

    assert bucket.versions() == [(media.object_key, version)]


def failing(code: str) -> Any:
    def fail(**_: Any) -> None:
        raise ClientError({"Error": {"Code": code, "Message": ""}}, "Operation")

    return fail


@pytest.mark.parametrize(("data", "metric"), [(MP4, "UploadReady"), (PDF, "UploadRejected")])
def test_outcome_is_counted(bucket: Bucket, capsys: pytest.CaptureFixture[str], data: bytes, metric: str) -> None:
    media = expect()

    tell(media, send(bucket, media, data))

    counted = [name for line in capsys.readouterr().out.splitlines() for name in json.loads(line)]
    assert [name for name in counted if name.startswith("Upload")] == ["UploadEvents", metric]
