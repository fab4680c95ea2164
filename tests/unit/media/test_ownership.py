"""Routes of an owner need an ID token."""

import importlib
from typing import Any

import pytest

from tests.unit.http_events import call
from tests.unit.media.calls import ID, OTHER, media_event

LINK_ID = "ab" * 32
ROUTES: dict[str, dict[str, Any]] = {
    "get": {},
    "delete": {},
    "download": {},
    "stats": {},
    "share": {"body": {}},
    "revoke_links": {},
    "revoke_link": {"link_id": LINK_ID},
    "presign": {"body": {}},
    "upload": {"body": b""},
}


def test_caller_without_an_id_token_is_rejected(subtests: pytest.Subtests) -> None:
    for route, request in ROUTES.items():
        for claims in [{}, {"sub": "", "token_use": "id"}, {"sub": OTHER, "token_use": "access"}]:
            with subtests.test(route=route, claims=claims):
                handler = importlib.import_module(f"media.{route}").handler
                event = media_event(**({"id": ID} | request))
                event["requestContext"]["authorizer"]["claims"] = claims

                assert call(handler, event)[0] == 403
