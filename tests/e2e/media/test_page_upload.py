"""The page: files go up, small ones through the API and large ones to S3 by themselves."""

import hashlib
import json
import re

import httpx
import pytest
from playwright.sync_api import Page, Request, Route, expect

from dev.application.media.browser import MIB, choose, sign_in, slow_down_uploads
from dev.application.people import User
from tests.e2e.media.browser import details, gallery_card, mp4, png, put, upload
from tests.waiting import wait_until


def test_result_card_shows_what_is_stored(page: Page, visitor: User, api: httpx.Client) -> None:
    picture = png(64, 48)
    sign_in(page, visitor)

    card = upload(page, "garden gate.png", picture, caption="Green,\n\nas ever")

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

    upload(page, "most.mp4", mp4(4 * MIB))

    assert [path for path in sent if "media" in path] == ["/_aws/execute-api/local/v1/media"]


def test_large_file_goes_to_the_bucket_with_progress(page: Page, visitor: User) -> None:
    film = mp4(20 * MIB)
    sent = posted_paths(page)
    sign_in(page, visitor)
    slow_down_uploads(page, 6 * MIB)
    choose(page, "film.mp4", film)

    with page.expect_request("**/media/uploads") as announced:
        page.get_by_role("button", name="Upload").click()

    progress = page.get_by_role("progressbar", name="Uploading film.mp4")
    expect(progress).to_have_attribute("value", re.compile(r"^[1-4]\d$"))
    expect(page.get_by_text(re.compile(r"^\d\d % of 20\.0 MiB$"))).to_be_visible()
    expect(progress).to_have_attribute("value", re.compile(r"^[5-9]\d$"))
    card = page.get_by_role("region", name="Uploaded")
    expect(card).to_be_visible()
    promised = json.loads(announced.value.post_data or "")["sha256"]
    assert promised == hashlib.sha256(film).hexdigest()
    assert details(card)["Size"] == "20.0 MiB (20971520 bytes)"
    presign, to_bucket = [path for path in sent if "media" in path]
    assert presign == "/_aws/execute-api/local/v1/media/uploads"
    assert to_bucket.startswith("/media-")


@pytest.mark.parametrize("size", [3 * MIB, 20 * MIB], ids=["through the API", "to the bucket"])
def test_cancelled_upload_leaves_nothing(page: Page, visitor: User, api: httpx.Client, size: int) -> None:
    sign_in(page, visitor)
    slow_down_uploads(page, MIB // 2)
    choose(page, "film.mp4", mp4(size))
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
    choose(page, "film.mp4", mp4(3 * MIB))
    page.get_by_role("button", name="Upload").click()
    page.get_by_role("button", name="Cancel").click()
    slow_down_uploads(page, -1)

    page.get_by_role("button", name="Upload").click()

    expect(page.get_by_role("region", name="Uploaded")).to_be_visible()


MAY_HAVE_ARRIVED = "If the file had arrived already, it is in your files."


def test_upload_that_is_cancelled_too_late_is_shown(page: Page, visitor: User, api: httpx.Client) -> None:
    page.route("**/v1/media", lambda _: put(api, "stored"))  # without an answer
    sign_in(page, visitor)
    choose(page, "gate.png", png())
    with page.expect_request("**/v1/media"):
        page.get_by_role("button", name="Upload").click()

    page.get_by_role("button", name="Cancel").click()

    expect(page.get_by_role("status").filter(has_text="Upload")).to_have_text(f"Upload cancelled. {MAY_HAVE_ARRIVED}")
    expect(gallery_card(page, "stored").get_by_role("button", name="Delete")).to_be_visible()


LOST = {
    "nothing": (None, "The server cannot be reached. Check the connection and try again."),
    "504": (504, "The server answered 504."),
}


@pytest.mark.parametrize(("code", "message"), LOST.values(), ids=LOST.keys())
def test_upload_whose_answer_is_lost_is_shown(
    page: Page, visitor: User, api: httpx.Client, code: int | None, message: str
) -> None:
    def lose(route: Route) -> None:
        put(api, "stored")
        route.fulfill(status=code) if code else route.abort()

    page.route("**/v1/media", lose)
    sign_in(page, visitor)
    choose(page, "gate.png", png())

    page.get_by_role("button", name="Upload").click()

    expect(page.get_by_role("alert").filter(visible=True)).to_have_text(f"{message} {MAY_HAVE_ARRIVED}")
    expect(gallery_card(page, "stored").get_by_role("button", name="Delete")).to_be_visible()


def test_failures_to_ask_do_not_fail_an_upload(page: Page, visitor: User) -> None:
    answers: list[int | None] = [429, 503, None]

    def fail_first(route: Route) -> None:
        if not answers:
            route.continue_()
        elif status := answers.pop(0):
            route.fulfill(status=status)
        else:
            route.abort()

    page.route(re.compile("/v1/media/[0-9a-f]{32}$"), fail_first)
    sign_in(page, visitor)

    card = upload(page, "film.mp4", mp4(5 * MIB))

    assert answers == []
    assert details(card)["Status"] == "Ready"


def test_refused_form_leaves_nothing(page: Page, visitor: User, api: httpx.Client) -> None:
    """Nor does it where the first try to delete fails."""
    answers = [503]
    page.route("**/media-*", lambda route: route.fulfill(status=403))
    page.route(
        re.compile("/v1/media/[0-9a-f]{32}$"),
        lambda route: route.fulfill(status=answers.pop()) if answers else route.continue_(),
    )
    sign_in(page, visitor)
    choose(page, "film.mp4", mp4(5 * MIB))

    page.get_by_role("button", name="Upload").click()

    expect(page.get_by_role("alert").filter(visible=True)).to_have_text(
        "The storage refused the file (403). Try again."
    )
    wait_until(lambda: is_empty(page, api))
    assert answers == []


def test_upload_cancelled_while_it_is_announced_leaves_nothing(page: Page, visitor: User, api: httpx.Client) -> None:
    held: list[Route] = []
    page.route("**/media/uploads", lambda route: held.append(route))  # noqa: PLW0108
    sign_in(page, visitor)
    choose(page, "film.mp4", mp4(5 * MIB))
    with page.expect_request("**/media/uploads"):
        page.get_by_role("button", name="Upload").click()
    page.get_by_role("button", name="Cancel").click()

    with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        held[0].continue_()

    expect(page.get_by_role("button", name="Upload")).to_be_focused()
    assert api.get("media").json()["items"] == []


NOT_TAKEN = {
    "HTML": (
        "page.html",
        b"<p>",
        "page.html is not supported. Use PNG, JPEG, GIF, WebP, PDF, MP4 or plain text.",
    ),
    "SVG": (
        "logo.svg",
        b"<svg/>",
        "logo.svg is not supported. Use PNG, JPEG, GIF, WebP, PDF, MP4 or plain text.",
    ),
    "nothing": ("nothing.txt", b"", "nothing.txt is empty."),
    "too large": ("a.png", b"x" * (20 * MIB + 1), "a.png has more than 20.0 MiB, the most that is taken."),
}


def test_unsupported_file_is_not_sent(page: Page, visitor: User) -> None:
    sign_in(page, visitor)
    sent = posted_paths(page)

    for filename, data, message in NOT_TAKEN.values():
        choose(page, filename, data)

        expect(page.get_by_role("alert").filter(visible=True)).to_have_text(message)
        page.get_by_role("button", name="Upload").click()
        assert sent == []


def test_refusal_of_the_api_is_shown(page: Page, visitor: User, api: httpx.Client) -> None:
    sign_in(page, visitor)
    choose(page, "picture.png", b"%PDF-1.7 this is no picture")

    with page.expect_response("**/media") as refused:
        page.get_by_role("button", name="Upload").click()

    assert refused.value.status == 422
    expect(page.get_by_role("alert").filter(visible=True)).to_have_text(refused.value.json()["detail"])
    expect(page.get_by_role("button", name="Upload")).to_be_focused()
    assert api.get("media").json()["items"] == []


def test_file_that_is_refused_after_its_upload_says_why(page: Page, visitor: User) -> None:
    sign_in(page, visitor)
    choose(page, "film.mp4", b"%PDF-1.7 ".ljust(5 * MIB))

    page.get_by_role("button", name="Upload").click()

    card = page.get_by_role("region", name="Refused")
    expect(card).to_be_visible()
    assert details(card)["Status"] == "Refused"
    assert details(card)["Reason"] != ""
    expect(card.get_by_role("button", name="Download")).to_have_count(0)


def is_empty(page: Page, api: httpx.Client) -> bool:
    """Whether nothing is stored; meanwhile the page's routes are served."""
    page.wait_for_timeout(100)
    return bool(api.get("media").json()["items"] == [])


def posted_paths(page: Page) -> list[str]:
    """Return a list that grows with the path of each POST."""
    paths: list[str] = []

    def remember(request: Request) -> None:
        if request.method == "POST":
            paths.append(httpx.URL(request.url).path)

    page.on("request", remember)
    return paths
