"""StatsMediaFunction, beyond its event files."""

import pytest

from media.model import Link, Media
from media.stats import handler
from tests.unit.clock import Clock
from tests.unit.http_events import call
from tests.unit.media.calls import ID, a_media, media_event, pending, put

pytestmark = pytest.mark.usefixtures("dynamodb")


def test_counts_are_in_chronological_order() -> None:
    newer = Link("ab" * 32, "2026-03-02T00:00:00.000Z", "2026-03-03T00:00:00.000Z", 3)
    older = Link("cd" * 32, "2026-03-01T00:00:00.000Z", "2026-03-02T00:00:00.000Z")
    by_day = {"2026-03-10": 1, "2026-03-09": 6}
    put(a_media(), downloads=7, by_day=by_day, links=(newer, older))

    status, stats, _ = call(handler, media_event(id=ID))

    assert status == 200
    assert stats == {
        "downloads": 7,
        "by_day": [{"day": "2026-03-09", "downloads": 6}, {"day": "2026-03-10", "downloads": 1}],
        "links": [
            {
                "id": "cd" * 32,
                "created_at": "2026-03-01T00:00:00.000Z",
                "expires_at": "2026-03-02T00:00:00.000Z",
                "downloads": 0,
            },
            {
                "id": "ab" * 32,
                "created_at": "2026-03-02T00:00:00.000Z",
                "expires_at": "2026-03-03T00:00:00.000Z",
                "downloads": 3,
            },
        ],
    }


@pytest.mark.parametrize("media", [a_media(), pending()], ids=["ready", "pending"])
def test_media_without_downloads_has_no_counts(media: Media) -> None:
    put(media)

    assert call(handler, media_event(id=ID))[:2] == (200, {"downloads": 0, "by_day": [], "links": []})


def test_expired_media_is_404(clock: Clock) -> None:
    put(a_media(expires_at=clock.time))

    status, problem, _ = call(handler, media_event(id=ID))

    assert (status, problem["code"]) == (404, "MediaNotFound")
