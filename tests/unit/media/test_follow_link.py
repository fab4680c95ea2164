"""FollowMediaLinkFunction, beyond its event files."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from media import activity, links, revoke_link, store
from media.follow_link import handler
from media.model import Link
from tests.unit.clock import Clock
from tests.unit.http_events import call
from tests.unit.media.calls import ID, OWNER, a_media, items, items_of, media_event, put, stored_activity

TOKEN, OTHER_TOKEN = ID + "x" * 43, ID + "y" * 43
LINK = Link(links.link_id(TOKEN), "2026-03-31T00:00:00.000Z", "2026-04-01T00:00:00.000Z")
OTHER_LINK = Link(links.link_id(OTHER_TOKEN), "2026-03-31T00:00:01.000Z", "2026-04-01T00:00:00.000Z")
LINKS = (LINK, OTHER_LINK)


def follow(token: str = TOKEN) -> tuple[int, Any, dict[str, str]]:
    """Follow a link without a Cognito token, as a browser does."""
    event = media_event(token=token)
    del event["requestContext"]["authorizer"]
    return call(handler, event)


@pytest.fixture(autouse=True)
def _shared(clock: Clock, dynamodb: object) -> None:
    put(a_media(), links=LINKS)


def test_redirects_to_a_presigned_url_of_five_minutes() -> None:
    status, body, headers = follow()

    file, _, query = headers["Location"].partition("?")
    assert (status, body) == (302, None)
    assert file == f"https://mediabucket.s3.us-east-1.amazonaws.com/files/{OWNER}/{ID}"
    assert {"versionId=v1", "X-Amz-Expires=300"} <= set(query.split("&"))
    assert (headers["Cache-Control"], headers["Referrer-Policy"]) == ("no-store", "no-referrer")


def test_redirects_to_the_copy_without_metadata_if_there_is_one() -> None:
    put(a_media(shared_key=f"shared/{OWNER}/{ID}/v1"), links=LINKS)

    file = follow()[2]["Location"].partition("?")[0]

    assert file == f"https://mediabucket.s3.us-east-1.amazonaws.com/shared/{OWNER}/{ID}/v1"


def test_download_is_counted_for_link_media_and_day(clock: Clock) -> None:
    for clock.time in ("2026-03-31T23:59:58.000Z", "2026-03-31T23:59:59.000Z"):
        follow()
    follow(OTHER_TOKEN)

    counted = stored_activity()
    assert (counted.downloads, counted.by_day) == (3, {"2026-03-31": 3})
    assert [link.downloads for link in counted.links] == [2, 1]


def test_concurrent_downloads_are_all_counted(clock: Clock) -> None:
    with ThreadPoolExecutor(20) as threads:
        list(threads.map(lambda _: links.count_link_download(ID, LINK.id, clock.time), range(20)))

    counted = stored_activity()
    assert (counted.downloads, counted.by_day) == (20, {"2026-03-31": 20})
    assert [link.downloads for link in counted.links] == [20, 0]


def test_parallel_counts_that_the_sdk_repeats_count_once(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """The responses to all first attempts are lost. The repeats come once all downloads are counted."""
    update_item, counted = activity._dynamodb.update_item, threading.Barrier(32)

    def repeat(**request: Any) -> Any:
        update_item(**request)
        counted.wait()
        return update_item(**request)

    monkeypatch.setattr(activity._dynamodb, "update_item", repeat)
    with ThreadPoolExecutor(32) as threads:
        list(threads.map(lambda _: links.count_link_download(ID, LINK.id, clock.time), range(32)))

    assert stored_activity().downloads == stored_activity().links[0].downloads == 32


def test_ids_of_counts_are_forgotten(clock: Clock) -> None:
    sizes = []
    for clock.time in ("2026-03-31T12:00:00.000Z", "2026-03-31T12:00:20.000Z", "2026-03-31T13:00:00.000Z"):
        for _ in range(2):
            links.count_link_download(ID, LINK.id, clock.time)
        sizes.append(sum(len(value["SS"]) for name, value in items()[1].items() if name.startswith("counted")))

    assert sizes == [2, 4, 2]


def test_downloads_in_the_same_part_of_each_round_do_not_fill_the_item(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activity, "COUNTED_IDS", 3)
    for clock.time in ("2026-03-31T12:00:00.000Z", "2026-03-31T12:02:20.000Z", "2026-03-31T12:04:40.000Z"):
        for _ in range(2):
            links.count_link_download(ID, LINK.id, clock.time)

    (counted,) = [value["SS"] for name, value in items()[1].items() if name.startswith("counted")]
    assert (len(counted), stored_activity().downloads, stored_activity().links[0].downloads) == (3, 6, 6)


def test_count_by_a_slower_clock_does_not_make_a_repeat_count_twice(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    update_item = activity._dynamodb.update_item

    def repeat(**request: Any) -> Any:
        update_item(**request)
        monkeypatch.setattr(activity._dynamodb, "update_item", update_item)
        links.count_link_download(ID, LINK.id, "2026-03-31T12:00:19.998Z")
        return update_item(**request)

    monkeypatch.setattr(activity._dynamodb, "update_item", repeat)
    links.count_link_download(ID, LINK.id, "2026-03-31T12:00:20.003Z")

    assert stored_activity().downloads == 2


def test_link_expires_at_expires_at(clock: Clock) -> None:
    clock.time = "2026-03-31T23:59:59.999Z"
    before = follow()[0]
    clock.time = "2026-04-01T00:00:00.000Z"
    status, problem, headers = follow()

    assert before == 302
    assert (status, problem["code"]) == (410, "LinkExpired")
    assert "Location" not in headers


def test_expired_link_is_not_counted(clock: Clock) -> None:
    clock.time = "2026-04-01T00:00:00.000Z"
    follow()

    assert items() == items_of(a_media(), links=LINKS)


def test_revoked_link_is_404_like_an_unknown_one() -> None:
    guessed = follow(ID + "z" * 43)
    call(revoke_link.handler, media_event(id=ID, link_id=LINK.id))

    assert follow()[:2] == guessed[:2]
    assert guessed[0] == 404
    assert guessed[1]["code"] == "LinkNotFound"


def test_other_links_still_work_after_a_revocation() -> None:
    call(revoke_link.handler, media_event(id=ID, link_id=LINK.id))

    assert follow(OTHER_TOKEN)[0] == 302


def test_link_of_a_deleted_media_is_404() -> None:
    activity.delete_activity(ID)
    store.delete_media(a_media())

    status, problem, _ = follow()

    assert (status, problem["code"]) == (404, "LinkNotFound")
    assert items() == []


UNKNOWN_TOKENS = [
    "",
    "x",
    ID,
    LINK.id,
    ID + LINK.id,
    "f" * 32 + "x" * 43,
    TOKEN.upper(),
    TOKEN + "x",
    "#link",
]


def test_unknown_token_is_404_and_not_counted(subtests: pytest.Subtests) -> None:
    for token in UNKNOWN_TOKENS:
        with subtests.test(token=token):
            status, problem, _ = follow(token)

            assert (status, problem["code"]) == (404, "LinkNotFound")
            assert items() == items_of(a_media(), links=LINKS)
