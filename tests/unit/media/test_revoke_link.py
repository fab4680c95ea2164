"""RevokeMediaLinkFunction, beyond its event files."""

import pytest

from media import activity
from media.model import Link
from media.revoke_link import handler
from tests.unit.clock import Clock
from tests.unit.http_events import call
from tests.unit.media.calls import ID, a_media, items, items_of, media_event, pending, put, stored_activity
from tests.unit.sdk import lost_answer

LINK = Link("ab" * 32, "2026-03-31T00:00:00.000Z", "2026-04-01T00:00:00.000Z")
OTHER_LINK = Link("cd" * 32, "2026-03-31T00:00:00.000Z", "2026-04-01T00:00:00.000Z")

pytestmark = pytest.mark.usefixtures("dynamodb")


def revoke_link(link_id: str) -> int:
    status: int = call(handler, media_event(id=ID, link_id=link_id))[0]
    return status


def test_only_this_link_is_removed() -> None:
    put(a_media(), links=(LINK, OTHER_LINK))

    assert revoke_link(LINK.id) == 204
    assert (items()[0], stored_activity().links) == (a_media().to_item(), (OTHER_LINK,))


def test_expired_link_is_removed(clock: Clock) -> None:
    put(a_media(), links=(LINK,))
    clock.time = "2026-05-01T00:00:00.000Z"

    assert revoke_link(LINK.id) == 204
    assert stored_activity().links == ()


def test_unknown_link_is_404(subtests: pytest.Subtests) -> None:
    for link_id in [OTHER_LINK.id, LINK.id.upper(), LINK.id + "a", ID + "x" * 43, "x", "", "#link", "😀", "\ud800"]:
        with subtests.test(link_id=link_id):
            put(a_media(), links=(LINK,))

            status, problem, _ = call(handler, media_event(id=ID, link_id=link_id))

            assert (status, problem["code"]) == (404, "LinkNotFound")
            assert items() == items_of(a_media(), links=(LINK,))


def test_second_removal_is_404() -> None:
    put(a_media(), links=(LINK,))

    assert [revoke_link(LINK.id), revoke_link(LINK.id)] == [204, 404]


def test_removal_repeated_by_the_sdk_is_a_success() -> None:
    put(a_media(), links=(LINK,))

    with lost_answer(activity._dynamodb, "UpdateItem"):
        assert revoke_link(LINK.id) == 204


def test_pending_media_has_no_link() -> None:
    put(pending())

    assert revoke_link(LINK.id) == 404
