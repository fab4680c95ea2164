"""ShareMediaFunction, beyond its event files."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from media import activity, links
from media.errors import TooManyLinksError
from media.model import Link, Media
from media.share import handler
from media.stats import handler as stats_handler
from tests.unit.clock import Clock
from tests.unit.http_events import call
from tests.unit.media.calls import API_URL, ID, a_media, items, items_of, media_event, pending, put, stored_activity
from tests.unit.sdk import lost_answer


def share(body: Any = {}) -> tuple[int, Any]:  # noqa: B006 - read only
    status, answer, _ = call(handler, media_event(body, id=ID))
    return status, answer


def links_until(*expiries: str) -> tuple[Link, ...]:
    return tuple(Link(f"{number:064x}", "2026-03-01T00:00:00.000Z", expiry) for number, expiry in enumerate(expiries))


def test_response_is_a_link_for_an_hour(ready: Media, clock: Clock) -> None:
    status, link = share()

    assert status == 201
    assert link == {
        "id": hashlib.sha256(link["token"].encode()).hexdigest(),
        "url": f"{API_URL}/shared/{link['token']}",
        "token": link["token"],
        "expires_at": "2026-03-31T13:00:00.000Z",
    }


@pytest.mark.parametrize(
    ("seconds", "expires_at"), [(1, "2026-03-31T12:00:01.000Z"), (604_800, "2026-04-07T12:00:00.000Z")]
)
def test_link_expires_after_expires_in(ready: Media, clock: Clock, seconds: int, expires_at: str) -> None:
    assert share({"expires_in": seconds})[1]["expires_at"] == expires_at


@pytest.mark.usefixtures("dynamodb")
@pytest.mark.parametrize("expired", [0, 20], ids=["with room", "in the room of others"])
def test_link_expires_no_later_than_its_media(clock: Clock, expired: int) -> None:
    end = "2026-03-31T12:30:00.000Z"
    put(a_media(expires_at=end), links=links_until(*["2026-03-31T12:00:00.000Z"] * expired))

    _, link = share()
    (counted,) = call(stats_handler, media_event(id=ID))[1]["links"]

    assert (link["expires_at"], counted["expires_at"]) == (end, end)


def test_token_is_the_media_id_and_256_random_bits(ready: Media) -> None:
    tokens = [share()[1]["token"] for _ in range(2)]

    assert [token[:32] for token in tokens] == [ID, ID]
    assert [len(token) for token in tokens] == [75, 75]
    assert tokens[0] != tokens[1]


def test_only_the_hash_of_a_token_is_stored(ready: Media, clock: Clock) -> None:
    _, link = share()

    assert items()[1]["links"]["M"] == {
        hashlib.sha256(link["token"].encode()).hexdigest(): {
            "M": {
                "created_at": {"S": "2026-03-31T12:00:00.000Z"},
                "expires_at": {"S": "2026-03-31T13:00:00.000Z"},
                "downloads": {"N": "0"},
            }
        }
    }
    assert link["token"][32:] not in str(items())


BAD_BODIES = [
    *({"expires_in": seconds} for seconds in (0, -1, 604_801, 1.5, "60", True, None)),
    *(None, "", "[]", "{", {"expires_at": "2026-04-01T00:00:00.000Z"}, {"token": "x"}),
]


def test_bad_body_is_rejected_and_changes_nothing(subtests: pytest.Subtests, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(activity, "_dynamodb", None)
    for body in BAD_BODIES:
        with subtests.test(body=body):
            status, problem = share(body)

            assert (status, problem["code"]) == (400, "InvalidBody")


@pytest.mark.usefixtures("dynamodb")
@pytest.mark.parametrize(
    ("media", "status", "code"),
    [
        (pending(), 409, "MediaNotReady"),
        (pending(status="rejected", reason="x"), 409, "MediaNotReady"),
        (a_media(expires_at="2026-03-31T12:00:00.000Z"), 410, "MediaExpired"),
    ],
    ids=["pending", "rejected", "expired"],
)
def test_media_that_cannot_be_downloaded_cannot_be_shared(clock: Clock, media: Media, status: int, code: str) -> None:
    put(media)

    answer, problem = share()

    assert (answer, problem["code"]) == (status, code)
    assert items() == items_of(media)


@pytest.mark.usefixtures("dynamodb")
def test_media_has_at_most_20_links(clock: Clock) -> None:
    put(a_media(), links=links_until(*["2026-04-01T00:00:00.000Z"] * 19))

    first, (status, problem) = share()[0], share()

    assert first == 201
    assert (status, problem["code"]) == (409, "TooManyLinks")
    assert len(stored_activity().links) == 20


@pytest.mark.usefixtures("dynamodb")
def test_last_link_repeated_by_the_sdk_is_a_success(clock: Clock) -> None:
    put(a_media(), links=links_until(*["2026-04-01T00:00:00.000Z"] * 19))

    with lost_answer(activity._dynamodb, "UpdateItem"):
        status, link = share()

    assert (status, len(stored_activity().links)) == (201, 20)
    assert stored_activity().find_link(link["id"])


@pytest.mark.usefixtures("dynamodb")
def test_new_link_replaces_expired_ones(clock: Clock) -> None:
    good, expired = "2026-03-31T12:00:00.001Z", "2026-03-31T12:00:00.000Z"
    put(a_media(), links=links_until(*[good] * 17, *[expired] * 3))

    assert share()[0] == 201
    left = stored_activity().links
    assert len(left) == 18
    assert expired not in [link.expires_at for link in left]


@pytest.mark.usefixtures("dynamodb")
def test_concurrent_links_replace_an_expired_one_only_once() -> None:
    """Twenty concurrent requests all see the same expired link."""
    good, expired = "2026-04-01T00:00:00.000Z", "2026-03-31T12:00:00.000Z"
    put(a_media(), links=links_until(*[good] * 19, expired))

    def add(number: int) -> bool:
        try:
            links.add_link(ID, Link(f"new-{number}", "2026-03-31T12:00:00.000Z", good))
        except TooManyLinksError:
            return False
        return True

    with ThreadPoolExecutor(20) as threads:
        added = list(threads.map(add, range(20)))

    assert added.count(True) == 1
    assert len(stored_activity().links) == 20


@pytest.mark.usefixtures("dynamodb")
def test_media_that_is_deleted_between_the_attempts_is_404(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first attempt finds too many links."""
    put(a_media(), links=links_until(*["2026-03-31T12:00:00.000Z"] * 20))
    update_item = activity._dynamodb.update_item

    def delete_after(**request: Any) -> Any:
        try:
            return update_item(**request)
        finally:
            activity.delete_activity(ID)

    monkeypatch.setattr(activity._dynamodb, "update_item", delete_after)

    status, problem = share()

    assert (status, problem["code"]) == (404, "MediaNotFound")
    assert items() == [a_media().to_item()]
