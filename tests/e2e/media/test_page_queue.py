"""The page: files are queued, sent, cancelled and retried, small ones through the API and large ones to S3."""

import hashlib
import json
import re

import httpx
import pytest
from playwright.sync_api import FilePayload, Page, Request, Route, expect

from dev.application.media.browser import MIB, choose, sign_in, slow_down_uploads, wait_for_gallery
from dev.application.people import User
from tests.e2e.media.browser import (
    describe,
    details,
    drop,
    gallery_card,
    job,
    job_state,
    mp4,
    png,
    put,
    queue_status,
    start,
    upload,
)
from tests.media_files import PDF
from tests.waiting import wait_until

SUPPORTED = "this type isn't supported. Use PNG, JPEG, GIF, WebP, PDF, MP4 or text."


def test_ten_mixed_files_in_one_drop(page: Page, visitor: User, api: httpx.Client) -> None:
    """One is rejected, one cancelled and retried, and one is sent to S3."""
    sign_in(page, visitor)
    pictures = {f"{kind}.{kind}": png(kind=kind) for kind in ("png", "jpeg", "gif", "webp")}
    others = {"paper.pdf": PDF, "notes.txt": b"text", "short.mp4": mp4(9_000), "film.mp4": mp4(5 * MIB)}
    expect(page.get_by_role("button", name="Upload")).to_be_disabled()

    drop(page, {"logo.svg": b"<svg/>", **pictures, **others, "last.png": png()})
    expect(page.get_by_role("region", name="Upload files").get_by_role("alert")).to_have_text(f"logo.svg: {SUPPORTED}")
    expect(queue_status(page)).to_have_text("9 ready, 1 rejected")
    slow = slow_down_uploads(page, MIB // 2)
    page.get_by_role("button", name="Upload 9 files").click()
    expect(job_state(page, "film")).to_have_text(re.compile(r"^[1-9]\d? % of 5\.0 MiB$"))
    page.get_by_role("button", name="Cancel film").click()
    slow.detach()
    expect(queue_status(page)).to_have_text("8 uploaded, 1 rejected, 1 cancelled")
    page.get_by_role("button", name="Retry film").click()

    expect(queue_status(page)).to_have_text("9 uploaded, 1 rejected")
    names = {*pictures, *others, "last.png"}
    wait_until(
        lambda: {(each["filename"], each["status"]) for each in listed(api)} == {(name, "ready") for name in names}
    )


def test_everything_by_keyboard(page: Page, visitor: User) -> None:
    file: FilePayload = {"name": "gate.png", "mimeType": "image/png", "buffer": png()}
    page.once("filechooser", lambda chooser: chooser.set_files(file))  # before it is needed: Chromium may be busy

    page.keyboard.type(visitor.email)
    page.keyboard.press("Tab")
    page.keyboard.type(visitor.password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Upload files")).to_be_focused()
    wait_for_gallery(page)
    page.keyboard.press("Tab")
    expect(page.get_by_label("Choose files")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Upload 1 file")).to_be_enabled()
    press(page, "Tab", "Tab", "Tab", "Enter", "Tab", "End")  # Upload, Remove, Name and caption, the name
    page.keyboard.type(" by keyboard")
    press(page, "Shift+Tab", "Shift+Tab", "Shift+Tab", "Enter")

    expect(page.get_by_role("button", name="Copy share link gate by keyboard")).to_be_focused()


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_result_shows_what_is_stored(page: Page, visitor: User, api: httpx.Client) -> None:
    picture = png(64, 48)
    sign_in(page, visitor)
    choose(page, {"garden gate.png": picture})
    describe(job(page, "garden gate"), "Gate", " Green,\nas ever ")
    start(page)

    expect(page.get_by_role("button", name="Copy share link Gate")).to_be_visible()
    (stored,) = listed(api)
    shown = details(job(page, "Gate"))
    assert (shown.pop("Uploaded") != "", shown.pop("Expires") != "") == (True, True)
    assert shown == {
        "File": "garden gate.png",
        "Type": "PNG",
        "Size": f"{len(picture)} bytes ({len(picture)} bytes)",
        "Dimensions": "64 × 48 pixels",
        "Status": "Ready",
        "Downloads": "0",
        "SHA-256": hashlib.sha256(picture).hexdigest(),
        "Id": stored["id"],
    }
    assert (stored["name"], stored["caption"]) == ("Gate", "Green, as ever")
    expect(job(page, "Gate").locator("img")).to_have_js_property("naturalWidth", 64)


def test_pasted_file_is_queued(page: Page, visitor: User) -> None:
    sign_in(page, visitor)

    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(["text"], "pasted.txt"));
            document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
        }"""
    )

    expect(job_state(page, "pasted")).to_have_text("Text, 4 bytes")


def test_large_file_goes_to_the_bucket_and_small_ones_through_the_api(page: Page, visitor: User) -> None:
    film = mp4(4 * MIB + 1)
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request) if is_upload(request) else None)
    sign_in(page, visitor)

    upload(page, {"most.mp4": mp4(4 * MIB)})
    upload_more(page, {"film.mp4": film})

    assert [httpx.URL(request.url).path.split("-")[0] for request in sent] == [
        "/_aws/execute",
        "/_aws/execute",
        "/media",
    ]
    assert sent[0].url.endswith("/v1/media")
    assert sent[1].url.endswith("/v1/media/uploads")
    assert json.loads(sent[1].post_data or "")["sha256"] == hashlib.sha256(film).hexdigest()


def is_upload(request: Request) -> bool:
    return request.method == "POST" and "media" in request.url


def upload_more(page: Page, files: dict[str, bytes]) -> None:
    page.get_by_role("button", name="Clear list").click()
    upload(page, files)


@pytest.mark.parametrize("size", [3 * MIB, 5 * MIB], ids=["through the API", "to the bucket"])
def test_cancelled_uploads_leave_nothing_and_can_be_retried(
    page: Page, visitor: User, api: httpx.Client, size: int
) -> None:
    sign_in(page, visitor)
    slow = slow_down_uploads(page, MIB // 2)
    choose(page, {"one.mp4": mp4(size), "two.mp4": mp4(size)})
    page.get_by_role("button", name="Upload 2 files").click()
    for name in ("one", "two"):
        expect(page.get_by_role("progressbar", name=f"Uploading {name}")).to_have_attribute(
            "value", re.compile(r"0\.[1-9]")
        )

    page.get_by_role("button", name="Cancel all").click()

    expect(queue_status(page)).to_have_text("2 cancelled")
    expect(page.get_by_text("Nothing here yet.")).to_be_visible()
    wait_until(lambda: listed(api) == [])
    slow.detach()
    page.get_by_role("button", name="Retry all").click()
    expect(queue_status(page)).to_have_text("2 uploaded")


def test_upload_that_is_cancelled_too_late_is_shown(page: Page, visitor: User, api: httpx.Client) -> None:
    page.route("**/v1/media", lambda _: put(api, "stored"))  # without an answer
    sign_in(page, visitor)
    choose(page, {"gate.png": png()})
    with page.expect_request("**/v1/media"):
        start(page)

    page.get_by_role("button", name="Cancel gate").click()

    expect(job_state(page, "gate")).to_have_text("Cancelled. If the file had arrived already, it is in your files.")
    expect(gallery_card(page, "stored").get_by_role("button", name="Delete")).to_be_visible()


@pytest.mark.parametrize("code", [None, 504], ids=["no answer", "504"])
def test_upload_whose_answer_is_lost_is_not_repeated(
    page: Page, visitor: User, api: httpx.Client, code: int | None
) -> None:
    def lose(route: Route) -> None:
        put(api, "gate")
        route.fulfill(status=code) if code else route.abort()

    page.route("**/v1/media", lose)
    sign_in(page, visitor)

    upload(page, {"gate.png": png()})

    assert [each["name"] for each in listed(api)] == ["gate"]


def test_lost_connection_resumes_the_queue(page: Page, visitor: User) -> None:
    sign_in(page, visitor)
    choose(page, {"film.mp4": mp4(5 * MIB), **{f"{number}.mp4": mp4(MIB) for number in range(4)}})
    page.context.set_offline(True)
    start(page)
    expect(job_state(page, "film")).to_have_text("No connection. The upload will continue.")

    page.context.set_offline(False)

    expect(queue_status(page)).to_have_text("5 uploaded")


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

    upload(page, {"film.mp4": mp4(5 * MIB)})

    assert answers == []


def test_rejected_form_leaves_nothing(page: Page, visitor: User, api: httpx.Client) -> None:
    """Nor does it where the first try to delete fails."""
    answers = [503]
    page.route("**/media-*", lambda route: route.fulfill(status=403))
    page.route(
        re.compile("/v1/media/[0-9a-f]{32}$"),
        lambda route: route.fulfill(status=answers.pop()) if answers else route.continue_(),
    )
    sign_in(page, visitor)
    choose(page, {"film.mp4": mp4(5 * MIB)})

    start(page)

    expect(job_state(page, "film")).to_have_text("The storage rejected the file (403). Try again.")
    expect(page.get_by_role("button", name="Retry film")).to_be_visible()
    wait_until(lambda: is_empty(page, api))
    assert answers == []


def test_upload_cancelled_while_it_is_announced_leaves_nothing(page: Page, visitor: User, api: httpx.Client) -> None:
    held: list[Route] = []
    page.route("**/media/uploads", lambda route: held.append(route))  # noqa: PLW0108
    sign_in(page, visitor)
    choose(page, {"film.mp4": mp4(5 * MIB)})
    with page.expect_request("**/media/uploads"):
        start(page)
    page.get_by_role("button", name="Cancel film").click()

    with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        held[0].continue_()

    assert listed(api) == []


NOT_TAKEN = {
    "page.html": (b"<p>", f"page.html: {SUPPORTED}"),
    "nothing.txt": (b"", "nothing.txt: this file is empty."),
    "a.png": (b"x" * (20 * MIB + 1), "a.png: this image is larger than 20 MiB."),
}


def test_file_that_cannot_be_uploaded_says_why(page: Page, visitor: User) -> None:
    sign_in(page, visitor)

    for filename, (data, message) in NOT_TAKEN.items():
        choose(page, {filename: data})

        expect(job_state(page, filename)).to_have_text(message)
        expect(page.get_by_role("button", name="Upload")).to_be_disabled()


def test_file_without_a_name_is_not_uploaded(page: Page, visitor: User) -> None:
    sign_in(page, visitor)
    choose(page, {"gate.png": png()})

    describe(job(page, "gate"), " ")

    expect(queue_status(page)).to_have_text("Give each file a name.")
    expect(page.get_by_role("button", name="Upload")).to_be_disabled()


def test_rejection_of_the_api_is_shown(page: Page, visitor: User, api: httpx.Client) -> None:
    sign_in(page, visitor)
    choose(page, {"picture.png": b"%PDF-1.7 this is no picture"})

    with page.expect_response("**/media") as rejected:
        start(page)

    expect(job_state(page, "picture")).to_have_text(rejected.value.json()["detail"])
    expect(gallery_card(page, "picture")).to_contain_text("Not uploaded")
    page.get_by_role("button", name="Remove picture").click()
    expect(page.get_by_text("Nothing here yet.")).to_be_visible()
    assert listed(api) == []


def test_file_that_is_rejected_after_its_upload_says_why(page: Page, visitor: User, api: httpx.Client) -> None:
    sign_in(page, visitor)
    choose(page, {"film.mp4": b"%PDF-1.7 ".ljust(5 * MIB)})

    start(page)

    expect(queue_status(page)).to_have_text("1 rejected")
    (stored,) = listed(api)
    expect(job_state(page, "film")).to_have_text(stored["reason"])
    expect(gallery_card(page, "film")).to_contain_text("Rejected")
    expect(gallery_card(page, "film").get_by_role("button", name="Download")).to_have_count(0)


def listed(api: httpx.Client) -> list[dict[str, str]]:
    items: list[dict[str, str]] = api.get("media").json()["items"]
    return items


def is_empty(page: Page, api: httpx.Client) -> bool:
    """Whether nothing is stored; meanwhile the page's routes are served."""
    page.wait_for_timeout(100)
    return listed(api) == []
