"""Uploads both ways, and what can be had of them."""

import hashlib
import io

import httpx
import pytest
from PIL import Image

from tests.integration.media.conftest import LeftOf
from tests.integration.media.user import Media, MediaUser
from tests.media_files import GOOD, GPS_IFD, MP4, ORIENTATION, PDF, TEXT, photo
from tests.waiting import wait_until

WAYS = ["through the function", "by form"]


def upload(user: MediaUser, way: str, data: bytes, content_type: str, **facts: str) -> Media:
    if way == "by form":
        return user.upload_by_form(data, content_type, **facts)
    media: Media = user.upload(data, content_type, **facts).json()
    return media


def test_every_kind_comes_back_as_it_was_sent(ann: MediaUser) -> None:
    for content_type, data in GOOD.values():
        assert_same(ann, ann.upload(data, content_type).json(), content_type, data)


def test_every_kind_that_went_to_s3_comes_back_as_it_was_sent(ann: MediaUser) -> None:
    ids = [ann.send_by_form(data, content_type) for content_type, data in GOOD.values()]

    for media_id, (content_type, data) in zip(ids, GOOD.values(), strict=True):
        assert_same(ann, ann.settled(media_id), content_type, data)


def assert_same(user: MediaUser, media: Media, content_type: str, data: bytes) -> None:
    """The media describes the file, and its download is the file."""
    assert (media["status"], media["content_type"], media["size"]) == ("ready", content_type, len(data))
    assert media["sha256"] == hashlib.sha256(data).hexdigest()
    file = user.download(media["id"])
    assert (file.status_code, file.content, file.headers["Content-Type"]) == (200, data, content_type)
    assert file.headers["Content-Disposition"].startswith("attachment; ")


@pytest.mark.parametrize("way", WAYS)
def test_text_comes_back_as_it_was_sent(ann: MediaUser, way: str) -> None:
    facts = {"name": "Grüße <b>😀</b>", "caption": "שלום\nworld", "filename": "été 😀.txt"}

    media = upload(ann, way, TEXT, "text/plain", **facts)

    assert {name: media[name] for name in facts} == facts


@pytest.mark.parametrize("way", WAYS)
def test_thumbnail_is_upright_and_without_exif(ann: MediaUser, way: str) -> None:
    media = ann.get(upload(ann, way, photo(), "image/jpeg")["id"])

    answer = ann.s3.get(media["thumbnail_url"])

    assert (media["width"], media["height"]) == (40, 20)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/webp")
    assert b"canary" not in answer.content
    with Image.open(io.BytesIO(answer.content)) as thumbnail:
        assert (thumbnail.size, dict(thumbnail.getexif())) == ((20, 40), {})


@pytest.mark.parametrize("way", WAYS)
def test_shared_photo_has_no_location_and_is_the_same_picture(
    ann: MediaUser, anonymous: httpx.Client, way: str
) -> None:
    media = upload(ann, way, photo(), "image/jpeg")

    answer = ann.s3.get(anonymous.get(ann.share(media["id"])["url"]).headers["Location"])

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    with Image.open(io.BytesIO(answer.content)) as shared, Image.open(io.BytesIO(photo())) as original:
        assert dict(original.getexif().get_ifd(GPS_IFD)) != {}
        assert dict(shared.getexif()) == {ORIENTATION: 6}
        assert shared.tobytes() == original.tobytes()


def test_file_of_exactly_4_mebibytes_goes_through_the_function(ann: MediaUser) -> None:
    answer = ann.upload(PDF.ljust(4 * 1024 * 1024, b"x"))

    assert (answer.status_code, answer.json()["size"]) == (201, 4_194_304)


def test_promised_file_is_confirmed(ann: MediaUser) -> None:
    assert ann.upload_by_form(MP4, "video/mp4", sha256=hashlib.sha256(MP4).hexdigest())["status"] == "ready"


def test_file_that_was_not_promised_is_rejected(ann: MediaUser, left_of: LeftOf) -> None:
    """S3 rejects it on arrival; the emulator takes it."""
    expected = ann.expect(len(MP4), "video/mp4", sha256="5e" * 32).json()

    ann.send(expected["upload"], MP4)

    assert ann.settled(expected["id"])["reason"] == "The file does not have the announced SHA-256."
    wait_until(lambda: left_of(expected["id"]) == {"items": [expected["id"]]})


@pytest.mark.parametrize("way", WAYS)
def test_deletion_leaves_nothing(ann: MediaUser, way: str, left_of: LeftOf) -> None:
    media = upload(ann, way, photo(), "image/jpeg")

    answer = ann.api.delete(f"media/{media['id']}")

    assert answer.status_code == 204
    assert left_of(media["id"]) == {}
    assert ann.api.get(f"media/{media['id']}").status_code == 404


def test_link_to_a_deleted_file_is_dead(ann: MediaUser, s3_http: httpx.Client) -> None:
    media = ann.upload().json()
    link = ann.api.get(f"media/{media['id']}/download").headers["Location"]
    ann.api.delete(f"media/{media['id']}")

    assert s3_http.get(link).status_code == 404
