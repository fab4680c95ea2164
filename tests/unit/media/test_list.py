"""ListMediaFunction, beyond its event files."""

from datetime import UTC, datetime

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from media import activity, store
from media.get import handler as get_handler
from media.list import handler
from media.model import SHOWN
from tests.template_facts import properties
from tests.unit.clock import Clock
from tests.unit.http_events import call
from tests.unit.media.calls import API_URL, OTHER, OWNER, a_media, media_event, put

IDS = [f"{number:032x}" for number in range(5)]


@pytest.fixture
def five_media(clock: Clock, dynamodb: DynamoDBClient) -> list[str]:
    """Five media of OWNER, newest first, two of them with the same time. OTHER has five as well."""
    for day, media_id in zip(("05", "04", "04", "02", "01"), IDS, strict=True):
        store.put_media(a_media(id=media_id, created_at=f"2026-03-{day}T00:00:00.000Z"))
        store.put_media(a_media(id=f"f{media_id[1:]}", owner=OTHER, created_at=f"2026-03-{day}T00:00:00.000Z"))
    return IDS


def pages(limit: int) -> list[list[str]]:
    found = []
    query: dict[str, str] | None = {"limit": str(limit)}
    while query:
        status, page, _ = call(handler, media_event(query=query))
        assert status == 200
        found.append([item["id"] for item in page["items"]])
        query = {"limit": str(limit), "cursor": page["next_cursor"]} if page["next_cursor"] else None
    return found


def test_pages_contain_every_media_once(subtests: pytest.Subtests, five_media: list[str]) -> None:
    for limit in [1, 2, 3, 4, 5, 6, 100]:
        with subtests.test(limit=limit):
            found = pages(limit)

            assert sorted(media_id for page in found for media_id in page) == five_media
            assert max(map(len, found)) <= limit


def test_newest_media_is_first(five_media: list[str]) -> None:
    (page,) = pages(100)

    assert (page[0], page[3:]) == (IDS[0], IDS[3:])


def test_item_is_the_media_with_its_thumbnail_url(
    clock: Clock, dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: datetime(2026, 3, 1, tzinfo=UTC))
    put(a_media(id=IDS[0], thumbnail_key=f"thumbnails/{OWNER}/{IDS[0]}/v1"), downloads=3)

    (item,) = call(handler, media_event())[1]["items"]
    shown = call(get_handler, media_event(id=IDS[0]))[1]

    assert item["thumbnail_url"].partition("?")[0].endswith(f"/thumbnails/{OWNER}/{IDS[0]}/v1")
    assert item["download_url"] == f"{API_URL}/media/{IDS[0]}/download"
    assert (item, item["downloads"]) == (shown, 3)


def test_media_that_nobody_has_downloaded_has_no_downloads(five_media: list[str]) -> None:
    assert [item["downloads"] for item in call(handler, media_event())[1]["items"]] == [0, 0, 0, 0, 0]


def test_expired_media_is_not_listed(five_media: list[str], clock: Clock) -> None:
    store.put_media(a_media(id=IDS[2], expires_at=clock.time))

    assert sorted(media_id for page in pages(2) for media_id in page) == [IDS[0], IDS[1], IDS[3], IDS[4]]


def test_rejected_and_pending_media_are_listed(clock: Clock, dynamodb: DynamoDBClient) -> None:
    store.put_media(a_media(id=IDS[0], status="rejected", reason="The file is empty."))
    store.put_media(a_media(id=IDS[1], status="pending"))

    assert {item["status"] for item in call(handler, media_event())[1]["items"]} == {"rejected", "pending"}


def test_cursor_of_another_owner_shows_only_own_media(five_media: list[str]) -> None:
    cursor = call(handler, media_event(owner=OTHER, query={"limit": "1"}))[1]["next_cursor"]

    _, page, _ = call(handler, media_event(query={"cursor": cursor}))

    assert sorted(item["id"] for item in page["items"]) == five_media


def test_index_contains_what_lists_show_and_nothing_else() -> None:
    (index,) = properties("MediaTable")["GlobalSecondaryIndexes"]
    keys = {"id", "owner", "created_at"}

    assert {*index["Projection"]["NonKeyAttributes"], *keys} == {*SHOWN, "thumbnail_key", *keys}


def test_page_without_all_counts_is_429(five_media: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    left = {"UnprocessedKeys": {"MediaTable": {}}, "Responses": {"MediaTable": []}}
    monkeypatch.setattr(activity._dynamodb, "batch_get_item", lambda **_: left)

    assert call(handler, media_event())[0] == 429
