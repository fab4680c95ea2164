"""The usage of an owner, beyond the event files: what counts, how long, and under concurrent requests."""

from collections.abc import Callable
from typing import Any

import pytest

from media import store, usage
from media.delete import handler as delete_handler
from media.presign import handler as presign_handler
from media.usage import Usage
from shared import aws
from tests.media_files import MP4, PDF
from tests.unit.clock import Clock
from tests.unit.http_events import call
from tests.unit.media.calls import ID, OTHER, OWNER, items, media_event, pending, stored_usage
from tests.unit.media.conftest import Bucket
from tests.unit.media.uploads import expect, send, tell
from tests.unit.sdk import lost_answer, rejection

GIBIBYTE = 1_073_741_824
NEW = {"name": "Film", "caption": "", "filename": "film.mp4", "content_type": "video/mp4"}
TODAY, TOMORROW, IN_90_DAYS = "2026-03-31", "2026-04-01", "2026-06-29"

pytestmark = pytest.mark.usefixtures("dynamodb", "clock")


def prepare(size: int = 1, owner: str = OWNER) -> tuple[int, str]:
    """Prepare an upload. Returns the status, and the id or the code of the error."""
    status, body, _ = call(presign_handler, media_event(NEW | {"size": size}, owner=owner))
    return status, body["id"] if status == 201 else body["code"]


def put_usage(**values: Any) -> None:
    store._dynamodb.put_item(TableName="MediaTable", Item=Usage(owner=OWNER, **values).to_item())


def test_quota_can_be_used_to_its_last_byte() -> None:
    put_usage(bytes_by_day={TOMORROW: GIBIBYTE - 10})

    assert prepare(10)[0] == 201
    assert prepare() == (409, "MediaQuotaExceeded")
    assert prepare(owner=OTHER)[0] == 201


def test_twenty_media_can_be_pending() -> None:
    ids = [prepare()[1] for _ in range(20)]

    assert prepare() == (409, "MediaQuotaExceeded")
    assert len(items()) == 20
    call(delete_handler, media_event(id=ids[0]))
    assert prepare()[0] == 201


def test_expired_media_are_not_counted(clock: Clock) -> None:
    put_usage(bytes_by_day={TODAY: GIBIBYTE})
    assert prepare()[0] == 409
    clock.time = "2026-04-01T00:00:00.000Z"

    _, media_id = prepare(5)

    assert stored_usage() == Usage(
        owner=OWNER, bytes_by_day={"2026-04-02": 5}, pending={media_id: "2026-04-02T00:00:00.000Z"}
    )


def test_ready_media_counts_until_its_file_expires(bucket: Bucket, clock: Clock) -> None:
    media = expect(created_at=clock.time, expires_at="2026-04-01T12:00:00.000Z")

    tell(media, send(bucket, media))

    assert stored_usage() == Usage(owner=OWNER, bytes_by_day={TOMORROW: 0, IN_90_DAYS: len(MP4)})


def test_rejected_media_counts_with_the_size_of_its_file(bucket: Bucket) -> None:
    media = expect(size=5, expires_at="2026-04-01T12:00:00.000Z")

    tell(media, send(bucket, media, PDF))

    assert stored_usage() == Usage(owner=OWNER, bytes_by_day={TOMORROW: len(PDF)})


def test_deletion_gives_bytes_back_once(bucket: Bucket) -> None:
    put_usage(bytes_by_day={TOMORROW: 100})
    expect(size=7, expires_at="2026-04-01T12:00:00.000Z")

    with lost_answer(store._dynamodb, "TransactWriteItems"):
        statuses = [call(delete_handler, media_event(id=ID))[0] for _ in range(2)]

    assert statuses == [204, 404]
    assert stored_usage() == Usage(owner=OWNER, bytes_by_day={TOMORROW: 100})


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Any]], None]:
    """Calls a function once, between the next read of a usage and its write."""
    get_usage = usage._get_usage

    def do(something: Callable[[], Any]) -> None:
        def get_and_do(owner: str) -> Usage:
            monkeypatch.setattr(usage, "_get_usage", get_usage)
            read = get_usage(owner)
            something()
            return read

        monkeypatch.setattr(usage, "_get_usage", get_and_do)

    return do


def test_concurrent_requests_share_the_quota(meanwhile: Callable[[Callable[[], Any]], None]) -> None:
    put_usage(bytes_by_day={TOMORROW: GIBIBYTE - 10})
    meanwhile(lambda: prepare(6))

    assert prepare(6) == (409, "MediaQuotaExceeded")
    assert (stored_usage().bytes, len(items())) == (GIBIBYTE - 4, 1)


def test_media_is_counted_beside_a_concurrent_one(meanwhile: Callable[[Callable[[], Any]], None]) -> None:
    meanwhile(lambda: prepare(6))

    assert prepare(5)[0] == 201
    assert (stored_usage().bytes, len(stored_usage().pending), len(items())) == (11, 2, 2)


def test_usage_in_conflict_with_every_attempt_is_429(monkeypatch: pytest.MonkeyPatch) -> None:
    attempts = []

    def conflict(**request: Any) -> None:
        attempts.append(request)
        raise rejection("TransactionCanceledException", "TransactionConflict")

    monkeypatch.setattr(aws, "PAUSE_SECONDS", 0)
    monkeypatch.setattr(store._dynamodb, "transact_write_items", conflict)

    assert prepare() == (429, "Throttled")
    assert len(attempts) == 8


def test_media_older_than_the_quota_are_not_subtracted() -> None:
    assert Usage(owner=OWNER).without_media(pending(size=7)).bytes == 0
