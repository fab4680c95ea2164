"""Media of another owner are 404 on every route, and are not changed."""

import importlib
from typing import Any

import pytest

from media import store
from media.model import Link, Media
from tests.unit.http_events import call
from tests.unit.media.calls import ID, OTHER, a_media, items, media_event
from tests.unit.media.conftest import Bucket

TOKEN = ID + "x" * 43
ROUTES: dict[str, dict[str, Any]] = {
    "get": {},
    "delete": {},
    "download": {},
    "stats": {},
    "share": {"body": {}},
    "unshare": {"token": TOKEN},
}


@pytest.fixture
def shared(bucket: Bucket) -> Media:
    """A media of OWNER with its file and a share link."""
    link = Link("ab" * 32, "2026-03-31T12:00:00.000Z", "2026-04-01T12:00:00.000Z")
    media = a_media(links=(link,))
    bucket.put(media.object_key, b"data")
    store.put_media(media)
    return media


@pytest.mark.parametrize("route", ROUTES)
def test_media_of_another_owner_is_404(shared: Media, bucket: Bucket, route: str) -> None:
    handler = importlib.import_module(f"media.{route}").handler
    before = items(), bucket.versions()

    status, problem, _ = call(handler, media_event(**({"id": ID} | ROUTES[route]), owner=OTHER))

    assert (status, problem["code"]) == (404, "MediaNotFound")
    assert (items(), bucket.versions()) == before


@pytest.mark.parametrize("route", ROUTES)
def test_unknown_media_is_404(bucket: Bucket, route: str) -> None:
    handler = importlib.import_module(f"media.{route}").handler

    status, problem, _ = call(handler, media_event(**({"id": ID} | ROUTES[route])))

    assert (status, problem["code"]) == (404, "MediaNotFound")
    assert items() == []


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("claims", [{}, {"sub": "", "token_use": "id"}, {"sub": OTHER, "token_use": "access"}])
def test_caller_without_an_id_token_is_rejected(route: str, claims: dict[str, str]) -> None:
    handler = importlib.import_module(f"media.{route}").handler
    event = media_event(**({"id": ID} | ROUTES[route]))
    event["requestContext"]["authorizer"]["claims"] = claims

    assert call(handler, event)[0] == 403


def test_media_of_another_owner_is_not_listed(shared: Media) -> None:
    from media.list import handler

    assert call(handler, media_event(owner=OTHER))[1] == {"items": [], "next_cursor": None}
