"""The page on another host than the bucket, as on AWS: what browsers and the bucket's CORS rule let through.

Here the page is at localhost, and the bucket at 127.0.0.1.
"""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, Request, expect

from dev.application.media.browser import MIB, choose, sign_in
from dev.application.people import User
from dev.application.stack import Stack, Status
from tests.e2e.media.browser import gallery_card, job_state, mp4, png, start, upload
from tests.e2e.media.conftest import OpenPage
from tests.waiting import wait_until


@pytest.fixture
def elsewhere(status: Status, open_page: OpenPage) -> Page:
    """The page at localhost."""
    return open_page(base=status.api_url.replace("127.0.0.1", "localhost"))


@pytest.fixture
def bucket_knows_the_page(stack: Stack, status: Status) -> Iterator[None]:
    """The rule of template.yaml, with this page's origin in the place of that on AWS."""
    s3, bucket = stack.client("s3"), status.buckets["MediaBucket"]
    rules = s3.get_bucket_cors(Bucket=bucket)["CORSRules"]
    origin = status.endpoint_url.replace("127.0.0.1", "localhost")
    s3.put_bucket_cors(
        Bucket=bucket, CORSConfiguration={"CORSRules": [rule | {"AllowedOrigins": [origin]} for rule in rules]}
    )
    yield
    s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": rules})


def test_files_go_to_the_bucket_and_back(bucket_knows_the_page: None, elsewhere: Page, visitor: User) -> None:
    film = mp4(5 * MIB)
    to_bucket = requests_to(elsewhere, "127.0.0.1")
    sign_in(elsewhere, visitor)
    upload(elsewhere, {"film.mp4": film})

    with elsewhere.expect_download() as saved:
        gallery_card(elsewhere, "film").get_by_role("button", name="Download").click()

    assert Path(saved.value.path()).read_bytes() == film
    methods = [request.method for request in to_bucket if "/media-" in request.url]
    assert methods == ["POST", "GET"]
    assert [request for request in to_bucket if "authorization" in request.headers] == []


def test_thumbnails_come_from_the_bucket(bucket_knows_the_page: None, elsewhere: Page, visitor: User) -> None:
    sign_in(elsewhere, visitor)

    upload(elsewhere, {"gate.png": png(64, 48)})
    elsewhere.reload()

    expect(gallery_card(elsewhere, "gate").locator("img")).to_have_js_property("naturalWidth", 64)


def test_upload_that_does_not_get_through_leaves_nothing(page: Page, visitor: User, api: httpx.Client) -> None:
    page.route("**/media-*", lambda route: route.abort())
    sign_in(page, visitor)
    choose(page, {"film.mp4": mp4(5 * MIB)})

    start(page)

    expect(job_state(page, "film")).to_have_text("The server cannot be reached. Check the connection and try again.")
    wait_until(lambda: api.get("media").json()["items"] == [])


def requests_to(page: Page, host: str) -> list[Request]:
    """Return a list that grows with each request to a host."""
    requests: list[Request] = []
    page.on("request", lambda request: requests.append(request) if httpx.URL(request.url).host == host else None)
    return requests
