"""Media of another owner are 404 on every route, and are not changed."""

import importlib
from typing import Any

import pytest

from media.model import Link, Media
from tests.unit.http_events import call
from tests.unit.media.calls import ID, OTHER, a_media, items, media_event, put
from tests.unit.media.conftest import Bucket

LINK_ID = "ab" * 32
ROUTES: dict[str, dict[str, Any]] = {
    "get": {},
    "delete": {},
    "download": {},
    "stats": {},
    "share": {"body": {}},
    "revoke_links": {},
    "unshare": {"link_id": LINK_ID},
}


@pytest.fixture
def shared(bucket: Bucket) -> Media:
    """A media of OWNER with its file and a share link."""
    link = Link(LINK_ID, "2026-03-31T12:00:00.000Z", "2026-04-01T12:00:00.000Z")
    media = a_media()
    bucket.put(media.object_key, b"data")
    put(media, links=(link,))
    return media


def test_media_of_another_owner_is_404(subtests: pytest.Subtests, shared: Media, bucket: Bucket) -> None:
    for route, request in ROUTES.items():
        with subtests.test(route=route):
            handler = importlib.import_module(f"media.{route}").handler
            before = items(), bucket.versions()

            status, problem, _ = call(handler, media_event(**({"id": ID} | request), owner=OTHER))

            assert (status, problem["code"]) == (404, "MediaNotFound")
            assert (items(), bucket.versions()) == before


def test_unknown_media_is_404(subtests: pytest.Subtests, bucket: Bucket) -> None:
    for route, request in ROUTES.items():
        with subtests.test(route=route):
            handler = importlib.import_module(f"media.{route}").handler

            status, problem, _ = call(handler, media_event(**({"id": ID} | request)))

            assert (status, problem["code"]) == (404, "MediaNotFound")
            assert items() == []


def test_caller_without_an_id_token_is_rejected(subtests: pytest.Subtests) -> None:
    for route, request in ROUTES.items():
        for claims in [{}, {"sub": "", "token_use": "id"}, {"sub": OTHER, "token_use": "access"}]:
            with subtests.test(route=route, claims=claims):
                handler = importlib.import_module(f"media.{route}").handler
                event = media_event(**({"id": ID} | request))
                event["requestContext"]["authorizer"]["claims"] = claims

                assert call(handler, event)[0] == 403


def test_media_of_another_owner_is_not_listed(shared: Media) -> None:
    from media.list import handler

    assert call(handler, media_event(owner=OTHER))[1] == {"items": [], "next_cursor": None}
