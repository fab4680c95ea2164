"""Media and their items."""

import pytest

from media.model import Activity, Link, Media
from tests.unit.media.calls import ID, a_media, pending

LINKS = (
    Link("ab" * 32, "2026-03-01T00:00:00.000Z", "2026-03-02T00:00:00.000Z", 3),
    Link("cd" * 32, "2026-03-02T00:00:00.000Z", "2026-03-03T00:00:00.000Z"),
)


@pytest.mark.parametrize(
    "media",
    [
        a_media(),
        pending(),
        pending(status="rejected", reason="The file is empty."),
        a_media(width=40, height=20, thumbnail_key="thumbnails/x", shared_key="shared/x"),
    ],
    ids=["ready", "pending", "rejected", "all"],
)
def test_media_survives_a_round_trip_through_its_item(media: Media) -> None:
    assert Media.from_item(media.to_item()) == media


def test_item_omits_unknown_values() -> None:
    assert not pending().to_item().keys() & {"sha256", "reason", "version_id", "thumbnail_key", "width", "height"}


def test_ttl_is_the_expiry_in_seconds_since_1970() -> None:
    assert a_media(expires_at="2026-04-01T12:00:00.999Z").to_item()["ttl"] == {"N": "1775044800"}


def test_days_and_links_are_in_chronological_order() -> None:
    written = Activity(media_id=ID, ttl=1, downloads=3, links=LINKS[::-1], by_day={"2026-03-10": 1, "2026-03-09": 2})

    read = Activity.from_item(written.to_item())

    assert (read.media_id, read.ttl, read.downloads, read.links) == (ID, 1, 3, LINKS)
    assert list(read.by_day.items()) == [("2026-03-09", 2), ("2026-03-10", 1)]


def test_activity_expires_with_its_media() -> None:
    media = a_media(expires_at="2026-04-01T12:00:00.999Z")

    assert Activity.of(media).to_item()["ttl"] == media.to_item()["ttl"]


def test_json_omits_the_location_in_the_bucket() -> None:
    shown = a_media(thumbnail_key="thumbnails/x", shared_key="shared/x").to_json("https://api")

    hidden = {"owner", "object_key", "version_id", "thumbnail_key", "shared_key", "ttl"}
    assert not shown.keys() & hidden


SAVED_AS = [
    ({"filename": "paper.pdf"}, "paper.pdf"),
    ({"filename": "PAPER.PDF"}, "PAPER.PDF"),
    ({"filename": "paper"}, "paper.pdf"),
    ({"filename": "paper.exe"}, "paper.exe.pdf"),
    ({"filename": "photo.jpeg", "content_type": "image/jpeg"}, "photo.jpeg"),
    ({"filename": "photo.png", "content_type": "image/jpeg"}, "photo.png.jpg"),
    ({"filename": "page.html", "content_type": "text/plain"}, "page.html.txt"),
    ({"filename": "run.txt.bat", "content_type": "text/plain"}, "run.txt.bat.txt"),
    ({"filename": "paper.pdf."}, "paper.pdf"),
    ({"filename": "paper.pdf . "}, "paper.pdf"),
    ({"filename": "paper."}, "paper.pdf"),
    ({"filename": ".pdf"}, "file.pdf"),
    ({"filename": ".PDF"}, "file.PDF"),
    ({"filename": " .pdf"}, "file.pdf"),
    ({"filename": ".profile"}, ".profile.pdf"),
    ({"filename": "a:b.pdf"}, "a_b.pdf"),
    ({"filename": "x" * 255}, "x" * 251 + ".pdf"),
    ({"filename": "x" * 251 + ".PDF"}, "x" * 251 + ".PDF"),
    ({"filename": "x" + "é" * 125 + ".pdf"}, "x" + "é" * 125 + ".pdf"),
    ({"filename": "xx" + "é" * 125 + ".pdf"}, "xx" + "é" * 124 + ".pdf"),
    ({"filename": "😀" * 255}, "😀" * 62 + ".pdf"),
]


def test_saved_filename_has_an_extension_of_its_type_and_at_most_255_bytes(subtests: pytest.Subtests) -> None:
    for metadata, saved_as in SAVED_AS:
        with subtests.test(metadata=metadata):
            assert a_media(**metadata).saved_as == saved_as
