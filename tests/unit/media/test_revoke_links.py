"""RevokeMediaLinksFunction, beyond its event files."""

import pytest

from media.model import Link, Media
from media.revoke_links import handler
from tests.unit.http_events import call
from tests.unit.media.calls import ID, a_media, items, items_of, media_event, pending, put

LINKS = (
    Link("ab" * 32, "2026-03-31T00:00:00.000Z", "2026-04-01T00:00:00.000Z", 2),
    Link("cd" * 32, "2026-03-31T00:00:00.000Z", "2026-04-01T00:00:00.000Z"),
)

pytestmark = pytest.mark.usefixtures("dynamodb")


def test_links_are_removed_and_counts_stay() -> None:
    put(a_media(), downloads=2, by_day={"2026-03-31": 2}, links=LINKS)

    assert call(handler, media_event(id=ID))[:2] == (204, None)
    assert items() == items_of(a_media(), downloads=2, by_day={"2026-03-31": 2})


@pytest.mark.parametrize("media", [a_media(), pending()], ids=["ready", "pending"])
def test_media_without_links_is_204(media: Media) -> None:
    put(media)

    assert call(handler, media_event(id=ID))[0] == 204
    assert items() == items_of(media)
