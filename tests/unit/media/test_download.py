"""DownloadMediaFunction, beyond its event files."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from media import activity
from media.download import handler
from media.model import Media
from tests.unit.clock import Clock
from tests.unit.http_events import call
from tests.unit.media.calls import (
    ID,
    OTHER,
    OWNER,
    a_media,
    items,
    items_of,
    media_event,
    pending,
    put,
    stored_activity,
)
from tests.unit.sdk import lost_answer

pytestmark = pytest.mark.usefixtures("dynamodb")
DOWNLOAD = media_event(id=ID)


def test_redirects_to_a_presigned_url_of_five_minutes(ready: Media) -> None:
    status, body, headers = call(handler, DOWNLOAD)

    file, _, query = headers["Location"].partition("?")
    assert (status, body) == (302, None)
    assert file == f"https://mediabucket.s3.us-east-1.amazonaws.com/files/{OWNER}/{ID}"
    assert {"versionId=v1", "X-Amz-Expires=300"} <= set(query.split("&"))


def test_redirect_is_not_cached_and_sends_no_referrer(ready: Media) -> None:
    headers = call(handler, DOWNLOAD)[2]

    kept = {name: headers[name] for name in ("Cache-Control", "Referrer-Policy", "X-Content-Type-Options")}
    assert kept == {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}


def test_download_is_counted_in_total_and_per_day(ready: Media, clock: Clock) -> None:
    call(handler, DOWNLOAD)
    call(handler, DOWNLOAD)

    assert (stored_activity().downloads, stored_activity().by_day) == (2, {"2026-03-31": 2})


def test_day_changes_at_midnight_utc(ready: Media, clock: Clock) -> None:
    for clock.time in ("2026-03-31T23:59:59.999Z", "2026-04-01T00:00:00.000Z"):
        call(handler, DOWNLOAD)

    assert stored_activity().by_day == {"2026-03-31": 1, "2026-04-01": 1}


def test_metadata_is_not_written(ready: Media) -> None:
    call(handler, DOWNLOAD)

    assert items()[0] == ready.to_item()


def test_count_repeated_by_the_sdk_counts_once(ready: Media) -> None:
    with lost_answer(activity._dynamodb, "UpdateItem"):
        status = call(handler, DOWNLOAD)[0]

    assert (status, stored_activity().downloads) == (302, 1)


def test_media_that_is_deleted_meanwhile_is_404(ready: Media) -> None:
    activity.delete_activity(ID)

    status, problem, _ = call(handler, DOWNLOAD)

    assert (status, problem["code"]) == (404, "MediaNotFound")
    assert items() == [ready.to_item()]


def test_concurrent_downloads_are_all_counted(ready: Media) -> None:
    with ThreadPoolExecutor(20) as threads:
        list(threads.map(lambda _: activity.count_download(ID, "2026-03-31T12:00:00.000Z"), range(20)))

    assert (stored_activity().downloads, stored_activity().by_day) == (20, {"2026-03-31": 20})


REJECTED = {
    "pending": (pending(), 409, "MediaNotReady", "The media is pending."),
    "rejected": (pending(status="rejected", reason="x"), 409, "MediaNotReady", "The media is rejected."),
    "other's": (a_media(owner=OTHER), 404, "MediaNotFound", "The caller has no media with this id."),
    "expired": (a_media(expires_at="2026-03-31T12:00:00.000Z"), 410, "MediaExpired", "The media has expired."),
    "expired pending": (pending(expires_at="2026-03-31T12:00:00.000Z"), 410, "MediaExpired", "The media has expired."),
    "other's expired": (
        *(a_media(owner=OTHER, expires_at="2026-03-31T12:00:00.000Z"), 404, "MediaNotFound"),
        "The caller has no media with this id.",
    ),
}


def test_rejected_download_is_not_counted(subtests: pytest.Subtests, clock: Clock) -> None:
    for name, (media, status, code, detail) in REJECTED.items():
        with subtests.test(name):
            put(media)

            answer, problem, headers = call(handler, DOWNLOAD)

            assert (answer, problem["code"], problem["detail"]) == (status, code, detail)
            assert items()[: len(items_of(media))] == items_of(media)
            assert "Location" not in headers


def test_media_expires_at_expires_at(clock: Clock) -> None:
    put(a_media(expires_at="2026-04-01T12:00:00.000Z"))
    answers = []
    for clock.time in ("2026-04-01T11:59:59.999Z", "2026-04-01T12:00:00.000Z"):
        answers.append(call(handler, DOWNLOAD)[0])

    assert answers == [302, 410]
