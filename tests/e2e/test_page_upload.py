"""The page: files go up, small ones through the API and large ones to S3 by themselves."""

import hashlib
import re

import httpx
import pytest
from playwright.sync_api import Page, Request, expect

from dev.browser import MIB, choose, sign_in, slow_down_uploads
from dev.seed import User
from tests.e2e.browser import details, mp4, png, upload
from tests.waiting import wait_until


def test_result_card_shows_what_is_stored(page: Page, visitor: User, api: httpx.Client) -> None:
    picture = png(64, 48)
    sign_in(page, visitor)

    card = upload(page, "garden gate.png", "image/png", picture, caption="Green,\n\nas ever")

    (stored,) = api.get("media").json()["items"]
    shown = details(card)
    assert (shown.pop("Uploaded") != "", shown.pop("Expires") != "") == (True, True)
    assert shown == {
        "Name": "garden gate",
        "Caption": "Green, as ever",
        "File": "garden gate.png",
        "Type": "PNG",
        "Size": f"{len(picture)} bytes ({len(picture)} bytes)",
        "Dimensions": "64 × 48 pixels",
        "Status": "Ready",
        "Downloads": "0",
        "SHA-256": hashlib.sha256(picture).hexdigest(),
        "Id": stored["id"],
        "Download": stored["download_url"],
    }
    expect(card.get_by_role("heading", name="Uploaded")).to_be_focused()
    expect(card.locator("img")).to_have_js_property("naturalWidth", 64)
    expect(page.get_by_role("textbox", name="Name")).to_have_value("")


def test_small_file_goes_through_the_api(page: Page, visitor: User) -> None:
    sent = posted_paths(page)
    sign_in(page, visitor)

    upload(page, "most.mp4", "video/mp4", mp4(4 * MIB))

    assert [path for path in sent if "media" in path] == ["/_aws/execute-api/local/v1/media"]


def test_large_file_goes_to_the_bucket_with_progress(page: Page, visitor: User) -> None:
    film = mp4(20 * MIB)
    sent = posted_paths(page)
    sign_in(page, visitor)
    slow_down_uploads(page, 6 * MIB)
    choose(page, "film.mp4", "video/mp4", film)

    page.get_by_role("button", name="Upload").click()

    progress = page.get_by_role("progressbar", name="Uploading film.mp4")
    expect(progress).to_have_attribute("value", re.compile(r"^[1-4]\d$"))
    expect(page.get_by_text(re.compile(r"^\d\d % of 20\.0 MiB$"))).to_be_visible()
    expect(progress).to_have_attribute("value", re.compile(r"^[5-9]\d$"))
    card = page.get_by_role("region", name="Uploaded")
    expect(card).to_be_visible()
    assert details(card)["SHA-256"] == hashlib.sha256(film).hexdigest()
    assert details(card)["Size"] == "20.0 MiB (20971520 bytes)"
    presign, to_bucket = [path for path in sent if "media" in path]
    assert presign == "/_aws/execute-api/local/v1/media/uploads"
    assert to_bucket.startswith("/media-")


@pytest.mark.parametrize("size", [3 * MIB, 20 * MIB], ids=["through the API", "to the bucket"])
def test_cancelled_upload_leaves_nothing(page: Page, visitor: User, api: httpx.Client, size: int) -> None:
    sign_in(page, visitor)
    slow_down_uploads(page, MIB // 2)
    choose(page, "film.mp4", "video/mp4", mp4(size))
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text(re.compile(r"^[1-9]\d? % of"))).to_be_visible()

    page.get_by_role("button", name="Cancel").click()

    expect(page.get_by_role("status").filter(has_text="Upload cancelled.")).to_be_visible()
    expect(page.get_by_role("button", name="Upload")).to_be_focused()
    expect(page.get_by_text("Nothing here yet.")).to_be_visible()
    wait_until(lambda: api.get("media").json()["items"] == [])


def test_cancelled_upload_can_be_sent_again(page: Page, visitor: User) -> None:
    sign_in(page, visitor)
    slow_down_uploads(page, MIB // 2)
    choose(page, "film.mp4", "video/mp4", mp4(3 * MIB))
    page.get_by_role("button", name="Upload").click()
    page.get_by_role("button", name="Cancel").click()
    slow_down_uploads(page, -1)

    page.get_by_role("button", name="Upload").click()

    expect(page.get_by_role("region", name="Uploaded")).to_be_visible()


NOT_TAKEN = {
    "HTML": ("page.html", "text/html", b"<p>", "page.html is no PNG, JPEG, GIF, WebP, PDF, MP4 or plain text."),
    "SVG": ("logo.svg", "image/svg+xml", b"<svg/>", "logo.svg is no PNG, JPEG, GIF, WebP, PDF, MP4 or plain text."),
    "nothing": ("nothing.txt", "text/plain", b"", "nothing.txt is empty."),
    "too large": ("a.png", "image/png", b"x" * (20 * MIB + 1), "a.png has more than 20.0 MiB, the most that is taken."),
}


@pytest.mark.parametrize(("filename", "content_type", "data", "message"), NOT_TAKEN.values(), ids=NOT_TAKEN.keys())
def test_what_is_not_taken_is_not_sent(
    page: Page, visitor: User, filename: str, content_type: str, data: bytes, message: str
) -> None:
    sign_in(page, visitor)
    sent = posted_paths(page)

    choose(page, filename, content_type, data)

    expect(page.get_by_role("alert").filter(visible=True)).to_have_text(message)
    page.get_by_role("button", name="Upload").click()
    assert sent == []


def test_refusal_of_the_api_is_shown(page: Page, visitor: User, api: httpx.Client) -> None:
    sign_in(page, visitor)
    choose(page, "picture.png", "image/png", b"%PDF-1.7 this is no picture")

    with page.expect_response("**/media") as refused:
        page.get_by_role("button", name="Upload").click()

    assert refused.value.status == 422
    expect(page.get_by_role("alert").filter(visible=True)).to_have_text(refused.value.json()["detail"])
    expect(page.get_by_role("button", name="Upload")).to_be_focused()
    assert api.get("media").json()["items"] == []


def test_file_that_is_refused_after_its_upload_says_why(page: Page, visitor: User) -> None:
    sign_in(page, visitor)
    choose(page, "film.mp4", "video/mp4", b"%PDF-1.7 ".ljust(5 * MIB))

    page.get_by_role("button", name="Upload").click()

    card = page.get_by_role("region", name="Refused")
    expect(card).to_be_visible()
    assert details(card)["Status"] == "Refused"
    assert details(card)["Reason"] != ""
    expect(card.get_by_role("button", name="Download")).to_have_count(0)


def posted_paths(page: Page) -> list[str]:
    """Return a list that grows with the path of each POST."""
    paths: list[str] = []

    def remember(request: Request) -> None:
        if request.method == "POST":
            paths.append(httpx.URL(request.url).path)

    page.on("request", remember)
    return paths
