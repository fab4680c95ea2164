"""UnshareMediaFunction, beyond its event files."""

import pytest

from media import store
from media.model import Link
from media.unshare import handler
from tests.unit.clock import Clock
from tests.unit.http_events import call
from tests.unit.media.calls import ID, a_media, items, media_event

LINK = Link("ab" * 32, "2026-03-31T00:00:00.000Z", "2026-04-01T00:00:00.000Z")
OTHER_LINK = Link("cd" * 32, "2026-03-31T00:00:00.000Z", "2026-04-01T00:00:00.000Z")

pytestmark = pytest.mark.usefixtures("dynamodb")


def unshare(link_id: str) -> int:
    status: int = call(handler, media_event(id=ID, link_id=link_id))[0]
    return status


def test_only_this_link_is_removed() -> None:
    store.put_media(a_media(links=(LINK, OTHER_LINK)))

    assert unshare(LINK.id) == 204
    assert items() == [a_media(links=(OTHER_LINK,)).to_item()]


def test_expired_link_is_removed(clock: Clock) -> None:
    store.put_media(a_media(links=(LINK,)))
    clock.time = "2026-05-01T00:00:00.000Z"

    assert unshare(LINK.id) == 204
    assert items()[0]["links"] == {"M": {}}


def test_unknown_link_is_404(subtests: pytest.Subtests) -> None:
    for link_id in [OTHER_LINK.id, LINK.id.upper(), LINK.id + "a", ID + "x" * 43, "x", "", "#link", "😀", "\ud800"]:
        with subtests.test(link_id=link_id):
            media = a_media(links=(LINK,))
            store.put_media(media)

            status, problem, _ = call(handler, media_event(id=ID, link_id=link_id))

            assert (status, problem["code"]) == (404, "LinkNotFound")
            assert items() == [media.to_item()]


def test_second_removal_is_404() -> None:
    store.put_media(a_media(links=(LINK,)))

    assert [unshare(LINK.id), unshare(LINK.id)] == [204, 404]
