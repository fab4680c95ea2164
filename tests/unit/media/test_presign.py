"""PresignMediaFunction, beyond its event files."""

import base64
import json
from typing import Any

import pytest

from media import store
from media.presign import handler
from tests.unit.clock import Clock
from tests.unit.http_events import call
from tests.unit.media.calls import OWNER, items, media_event
from tests.unit.media.conftest import Bucket

NEW = {"name": "Film", "caption": "", "filename": "film.mp4", "content_type": "video/mp4", "size": 90_000_000}
SHA256 = "0123456789abcdef" * 4


def presign(**changes: Any) -> tuple[int, Any]:
    status, body, _ = call(handler, media_event(NEW | changes))
    return status, body


def policy_of(body: Any) -> dict[str, Any]:
    policy: dict[str, Any] = json.loads(base64.b64decode(body["upload"]["fields"]["policy"]))
    return policy


@pytest.mark.usefixtures("dynamodb")
def test_form_is_limited_to_key_size_and_type() -> None:
    status, body = presign()

    key = f"uploads/{OWNER}/{body['id']}"
    assert status == 201
    assert policy_of(body)["conditions"][:6] == [
        {"Content-Type": "video/mp4"},
        {"Content-Disposition": "attachment; filename=\"film.mp4\"; filename*=UTF-8''film.mp4"},
        {"success_action_status": "204"},
        ["content-length-range", 90_000_000, 90_000_000],
        {"bucket": "mediabucket"},
        {"key": key},
    ]
    assert body["upload"]["fields"]["key"] == key
    assert body["upload"]["fields"]["Content-Type"] == "video/mp4"


@pytest.mark.usefixtures("dynamodb")
def test_form_posts_to_the_bucket_and_expires_after_five_minutes() -> None:
    _, body = presign()

    assert body["upload"]["url"] == "https://mediabucket.s3.us-east-1.amazonaws.com/"
    assert body["upload"]["expires_in"] == 300


@pytest.mark.usefixtures("dynamodb")
def test_s3_checks_an_announced_checksum() -> None:
    _, body = presign(sha256=SHA256)

    checksum = {
        "x-amz-checksum-algorithm": "SHA256",
        "x-amz-checksum-sha256": "ASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4mrze8=",
    }
    assert body["upload"]["fields"].items() >= checksum.items()
    for name, value in checksum.items():
        assert {name: value} in policy_of(body)["conditions"]


@pytest.mark.usefixtures("dynamodb")
def test_form_has_no_checksum_unless_announced() -> None:
    _, body = presign()

    assert not [name for name in body["upload"]["fields"] if "checksum" in name]


@pytest.mark.usefixtures("dynamodb")
def test_media_is_pending_and_expires_after_a_day(clock: Clock) -> None:
    _, body = presign(sha256=SHA256)

    assert items() == [
        {
            "id": {"S": body["id"]},
            "owner": {"S": OWNER},
            "name": {"S": "Film"},
            "caption": {"S": ""},
            "filename": {"S": "film.mp4"},
            "content_type": {"S": "video/mp4"},
            "size": {"N": "90000000"},
            "sha256": {"S": SHA256},
            "status": {"S": "pending"},
            "created_at": {"S": "2026-03-31T12:00:00.000Z"},
            "expires_at": {"S": "2026-04-01T12:00:00.000Z"},
            "ttl": {"N": "1775044800"},
            "object_key": {"S": f"uploads/{OWNER}/{body['id']}"},
        }
    ]


def test_nothing_is_stored_in_the_bucket(bucket: Bucket) -> None:
    presign()

    assert bucket.versions() == []


@pytest.mark.usefixtures("dynamodb")
@pytest.mark.parametrize("size", [1, 104_857_600])
def test_size_from_1_byte_to_100_mebibytes_is_accepted(size: int) -> None:
    assert presign(size=size)[0] == 201


BAD_CHANGES: list[dict[str, Any]] = [
    *({"size": size} for size in (0, -1, 104_857_601, 1.5, "1", True, None, 1e300)),
    *({"content_type": kind} for kind in ("image/svg+xml", "text/html", "", "image/png ", "IMAGE/PNG", None)),
    *({"sha256": checksum} for checksum in ("", SHA256[:-1], SHA256.upper(), SHA256 + "\n", None)),
    *({"filename": name} for name in ("../x", "a\x00", "", ".", "x" * 256, "photo_\u202egpj.exe", "\ud800", 1)),
    *({"name": name} for name in ("", " ", "x" * 101, "a\nb", "\ud800", ["x"])),
    *({"caption": caption} for caption in ("x" * 501, "\x00", None)),
    *({field: "x"} for field in ("owner", "id", "status", "object_key", "expires_in")),
]


def test_bad_body_is_rejected_and_nothing_stored(subtests: pytest.Subtests, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "put_media", pytest.fail)
    for changes in BAD_CHANGES:
        with subtests.test(changes=changes):
            status, problem = presign(**changes)

            assert (status, problem["code"]) == (400, "InvalidBody")


def test_missing_field_is_rejected(subtests: pytest.Subtests) -> None:
    for field in NEW:
        with subtests.test(field=field):
            status, problem, _ = call(
                handler, media_event({name: value for name, value in NEW.items() if name != field})
            )

            assert (status, problem["code"]) == (400, "InvalidBody")
