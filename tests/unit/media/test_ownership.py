"""Routes of one media need an ID token, and lists contain media of the caller only."""

import importlib
from typing import Any

import pytest

from media.list import handler as list_media
from tests.unit.http_events import call
from tests.unit.media.calls import ID, OTHER, a_media, media_event, put
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


def test_caller_without_an_id_token_is_rejected(subtests: pytest.Subtests) -> None:
    for route, request in ROUTES.items():
        for claims in [{}, {"sub": "", "token_use": "id"}, {"sub": OTHER, "token_use": "access"}]:
            with subtests.test(route=route, claims=claims):
                handler = importlib.import_module(f"media.{route}").handler
                event = media_event(**({"id": ID} | request))
                event["requestContext"]["authorizer"]["claims"] = claims

                assert call(handler, event)[0] == 403


def test_media_of_another_owner_is_not_listed(bucket: Bucket) -> None:
    put(a_media())

    assert call(list_media, media_event(owner=OTHER))[1] == {"items": [], "next_cursor": None}
