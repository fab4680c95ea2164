"""GetMediaFunction, beyond its event files."""

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from media import store
from media.get import handler
from media.model import Media
from tests.unit.clock import Clock
from tests.unit.http_events import call
from tests.unit.media.calls import API_URL, ID, OTHER, OWNER, a_media, media_event

pytestmark = pytest.mark.usefixtures("dynamodb")


def test_response_is_the_media(ready: Media) -> None:
    status, body, _ = call(handler, media_event(id=ID))

    assert status == 200
    assert body == {
        "id": ID,
        "name": "Name",
        "caption": "Caption",
        "filename": "paper.pdf",
        "content_type": "application/pdf",
        "size": 69,
        "sha256": "5e" * 32,
        "status": "ready",
        "reason": None,
        "width": None,
        "height": None,
        "created_at": "2026-03-01T12:00:00.000Z",
        "expires_at": "2999-01-01T00:00:00.000Z",
        "downloads": 0,
        "download_url": f"{API_URL}/media/{ID}/download",
        "thumbnail_url": None,
        "shared_with_metadata": True,
    }


def test_thumbnail_has_a_presigned_url_of_five_minutes() -> None:
    key = f"thumbnails/{OWNER}/{ID}/v1"
    store.put_media(a_media(content_type="image/png", thumbnail_key=key))

    _, body, _ = call(handler, media_event(id=ID))

    assert body["thumbnail_url"].startswith(f"https://mediabucket.s3.us-east-1.amazonaws.com/{key}?X-Amz-Algorithm=")
    assert "&X-Amz-Expires=300&" in body["thumbnail_url"]


def test_media_is_404_from_its_expiry(clock: Clock) -> None:
    store.put_media(a_media(expires_at="2026-04-01T12:00:00.000Z"))
    clock.time = "2026-04-01T11:59:59.999Z"
    before = call(handler, media_event(id=ID))[0]
    clock.time = "2026-04-01T12:00:00.000Z"
    status, problem, _ = call(handler, media_event(id=ID))

    assert before == 200
    assert (status, problem["code"]) == (404, "MediaNotFound")


def test_media_of_another_owner_cannot_be_told_from_unknown_media(ready: Media, dynamodb: DynamoDBClient) -> None:
    others = call(handler, media_event(id=ID, owner=OTHER))
    dynamodb.delete_item(TableName="MediaTable", Key={"id": {"S": ID}})

    assert call(handler, media_event(id=ID, owner=OTHER)) == others
