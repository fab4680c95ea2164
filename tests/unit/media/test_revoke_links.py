"""RevokeMediaLinksFunction, beyond its event files."""

import pytest

from media import store
from media.model import Link, Media
from media.revoke_links import handler
from tests.unit.http_events import call
from tests.unit.media.calls import ID, a_media, items, media_event, pending

LINKS = (
    Link("ab" * 32, "2026-03-31T00:00:00.000Z", "2026-04-01T00:00:00.000Z", 2),
    Link("cd" * 32, "2026-03-31T00:00:00.000Z", "2026-04-01T00:00:00.000Z"),
)

pytestmark = pytest.mark.usefixtures("dynamodb")


def test_links_are_removed_and_counts_stay() -> None:
    store.put_media(a_media(downloads=2, by_day={"2026-03-31": 2}, links=LINKS))

    assert call(handler, media_event(id=ID))[:2] == (204, None)
    assert items() == [a_media(downloads=2, by_day={"2026-03-31": 2}).to_item()]


@pytest.mark.parametrize("media", [a_media(), pending()], ids=["ready", "pending"])
def test_media_without_links_is_204(media: Media) -> None:
    store.put_media(media)

    assert call(handler, media_event(id=ID))[0] == 204
    assert items() == [media.to_item()]
