"""UnshareMediaFunction, beyond its event files."""

import pytest

from media import links, store
from media.model import Link
from media.unshare import handler
from tests.unit.clock import Clock
from tests.unit.conftest import LogLines
from tests.unit.http_events import call
from tests.unit.media.calls import ID, a_media, items, media_event

TOKEN, OTHER_TOKEN = ID + "x" * 43, ID + "y" * 43
LINK = Link(links.token_hash(TOKEN), "2026-03-31T00:00:00.000Z", "2026-04-01T00:00:00.000Z")
OTHER_LINK = Link(links.token_hash(OTHER_TOKEN), "2026-03-31T00:00:00.000Z", "2026-04-01T00:00:00.000Z")

pytestmark = pytest.mark.usefixtures("dynamodb")


def unshare(token: str) -> int:
    status: int = call(handler, media_event(id=ID, token=token))[0]
    return status


def test_only_this_link_is_removed() -> None:
    store.put_media(a_media(links=(LINK, OTHER_LINK)))

    assert unshare(TOKEN) == 204
    assert items() == [a_media(links=(OTHER_LINK,)).to_item()]


def test_expired_link_is_removed(clock: Clock) -> None:
    store.put_media(a_media(links=(LINK,)))
    clock.time = "2026-05-01T00:00:00.000Z"

    assert unshare(TOKEN) == 204
    assert items()[0]["links"] == {"M": {}}


def test_unknown_link_is_404(subtests: pytest.Subtests) -> None:
    for token in [OTHER_TOKEN, LINK.token_hash, "x", "", "f" * 32 + "x" * 43, "#link", "😀"]:
        with subtests.test(token=token):
            media = a_media(links=(LINK,))
            store.put_media(media)

            status, problem, _ = call(handler, media_event(id=ID, token=token))

            assert (status, problem["code"]) == (404, "LinkNotFound")
            assert items() == [media.to_item()]


def test_second_removal_is_404() -> None:
    store.put_media(a_media(links=(LINK,)))

    assert [unshare(TOKEN), unshare(TOKEN)] == [204, 404]


def test_log_contains_ids_and_no_token(log_lines: LogLines) -> None:
    store.put_media(a_media(links=(LINK,)))
    unshare(TOKEN)
    unshare(TOKEN)

    assert ID in str(log_lines())
    assert "x" * 43 not in str(log_lines())
