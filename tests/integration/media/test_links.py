"""Share links and counts, over HTTP."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import httpx
import pytest

from dev.application.stack import Stack, Status
from dev.local_aws import logs
from tests.integration.media.user import MediaUser
from tests.media_files import PDF


@pytest.fixture
def media_id(ann: MediaUser) -> str:
    """A PDF of Alice's."""
    found: str = ann.upload(PDF, "application/pdf", filename="paper.pdf").json()["id"]
    return found


def stats(user: MediaUser, media_id: str) -> dict[str, object]:
    found: dict[str, object] = user.api.get(f"media/{media_id}/stats").json()
    return found


def today() -> str:
    return datetime.now(UTC).date().isoformat()


def test_link_is_followed_without_signing_in(ann: MediaUser, media_id: str, anonymous: httpx.Client) -> None:
    answer = anonymous.get(ann.share(media_id)["url"])

    file = ann.s3.get(answer.headers["Location"])
    assert answer.status_code == 302
    assert httpx.URL(answer.headers["Location"]).params["X-Amz-Expires"] == "300"
    assert (answer.headers["Cache-Control"], answer.headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert (file.status_code, file.content) == (200, PDF)
    assert file.headers["Content-Type"] == "application/pdf"
    assert file.headers["Content-Disposition"] == "attachment; filename=\"paper.pdf\"; filename*=UTF-8''paper.pdf"


def test_token_of_a_link_is_returned_once_and_not_stored(
    ann: MediaUser, media_id: str, anonymous: httpx.Client, stack: Stack, status: Status
) -> None:
    link = ann.share(media_id)
    anonymous.get(link["url"])
    secret = link["token"].removeprefix(media_id)
    assert len(secret) == 43

    key = {"id": {"S": f"{media_id}#activity"}}
    item = stack.client("dynamodb").get_item(TableName=status.tables["MediaTable"], Key=key)["Item"]
    assert secret not in str(item)
    assert secret not in str(stats(ann, media_id))
    for function in ("ShareMediaFunction", "FollowMediaLinkFunction"):
        logged = [str(entry.fields) for entry in logs.read(stack, [function])]
        assert [line for line in logged if media_id in line]
        assert not [line for line in logged if secret in line]


def test_revoked_link_is_not_found(ann: MediaUser, media_id: str, anonymous: httpx.Client) -> None:
    link, other = ann.share(media_id), ann.share(media_id)

    ids = [each["id"] for each in ann.api.get(f"media/{media_id}/stats").json()["links"]]
    revoked = ann.api.delete(f"media/{media_id}/links/{ids[0]}")

    assert ids == [link["id"], other["id"]]
    assert revoked.status_code == 204
    assert_rejected(anonymous.get(link["url"]), 404, "LinkNotFound")
    assert anonymous.get(other["url"]).status_code == 302
    assert_rejected(ann.api.delete(f"media/{media_id}/links/{ids[0]}"), 404, "LinkNotFound")
    assert ann.api.delete(f"media/{media_id}/links").status_code == 204
    assert_rejected(anonymous.get(other["url"]), 404, "LinkNotFound")


def test_guess_is_not_found(ann: MediaUser, media_id: str, anonymous: httpx.Client) -> None:
    ann.share(media_id)

    for guess in ("x", media_id, f"{media_id}{'x' * 43}", "f" * 32 + "x" * 43, f"{media_id}..", "%00", "😀"):
        assert_rejected(anonymous.get(f"shared/{guess}"), 404, "LinkNotFound")

    assert stats(ann, media_id)["downloads"] == 0


def test_downloads_at_once_are_all_counted(ann: MediaUser, media_id: str, anonymous: httpx.Client) -> None:
    """5 of one's own, 3 and 2 by two links, all at the same time; at midnight, on two days."""
    days = {today()}
    links = [ann.share(media_id)["url"] for _ in range(2)]
    own = [lambda: ann.api.get(f"media/{media_id}/download")] * 5
    first, second = [lambda: anonymous.get(links[0])] * 3, [lambda: anonymous.get(links[1])] * 2

    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(lambda download: download().status_code, [*own, *first, *second]))

    days.add(today())
    found = ann.api.get(f"media/{media_id}/stats").json()
    assert answers == [302] * 10
    assert found["downloads"] == ann.get(media_id)["downloads"] == 10
    assert [link["downloads"] for link in found["links"]] == [3, 2]
    assert sum(day["downloads"] for day in found["by_day"]) == 10
    assert {day["day"] for day in found["by_day"]} <= days


def assert_rejected(answer: httpx.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "Location" not in answer.headers
