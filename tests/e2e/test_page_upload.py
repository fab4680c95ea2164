"""The page: files go up, small ones through the API and large ones to S3 by themselves."""

import hashlib
import re

import httpx
import pytest
from playwright.sync_api import Page, Request, expect

from tests.e2e.browser import MIB, UPLOADED_MS, Visitor, choose, details, mp4, png, sign_in, slow_down_uploads, upload
from tests.waiting import wait_until


def test_result_card_shows_what_is_stored(page: Page, visitor: Visitor, api: httpx.Client) -> None:
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


def test_small_file_goes_through_the_api(page: Page, visitor: Visitor) -> None:
    sent = posted_paths(page)
    sign_in(page, visitor)

    upload(page, "most.mp4", "video/mp4", mp4(4 * MIB))

    assert [path for path in sent if "media" in path] == ["/_aws/execute-api/local/v1/media"]


def test_large_file_goes_to_the_bucket_with_progress(page: Page, visitor: Visitor) -> None:
    film = mp4(20 * MIB)
    sent = posted_paths(page)
    sign_in(page, visitor)
    slow_down_uploads(page, 6 * MIB)
    choose(page, "film.mp4", "video/mp4", film)

    page.get_by_role("button", name="Upload").click()

    progress = page.get_by_role("progressbar", name="Uploading film.mp4")
    expect(progress).to_have_attribute("value", re.compile(r"^[1-4]\d$"), timeout=UPLOADED_MS)
    expect(page.get_by_text(re.compile(r"^\d\d % of 20\.0 MiB$"))).to_be_visible()
    expect(progress).to_have_attribute("value", re.compile(r"^[5-9]\d$"), timeout=UPLOADED_MS)
    card = page.get_by_role("region", name="Uploaded")
    expect(card).to_be_visible(timeout=UPLOADED_MS)
    assert details(card)["SHA-256"] == hashlib.sha256(film).hexdigest()
    assert details(card)["Size"] == "20.0 MiB (20971520 bytes)"
    presign, to_bucket = [path for path in sent if "media" in path]
    assert presign == "/_aws/execute-api/local/v1/media/uploads"
    assert to_bucket.startswith("/media-")


@pytest.mark.parametrize("size", [3 * MIB, 20 * MIB], ids=["through the API", "to the bucket"])
def test_cancelled_upload_leaves_nothing(page: Page, visitor: Visitor, api: httpx.Client, size: int) -> None:
    sign_in(page, visitor)
    slow_down_uploads(page, MIB // 2)
    choose(page, "film.mp4", "video/mp4", mp4(size))
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text(re.compile(r"^[1-9]\d? % of"))).to_be_visible(timeout=UPLOADED_MS)

    page.get_by_role("button", name="Cancel").click()

    expect(page.get_by_role("status").filter(has_text="Upload cancelled.")).to_be_visible()
    expect(page.get_by_role("button", name="Upload")).to_be_focused()
    expect(page.get_by_text("Nothing here yet.")).to_be_visible()
    wait_until(lambda: api.get("media").json()["items"] == [])


def test_cancelled_upload_can_be_sent_again(page: Page, visitor: Visitor) -> None:
    sign_in(page, visitor)
    slow_down_uploads(page, MIB // 2)
    choose(page, "film.mp4", "video/mp4", mp4(3 * MIB))
    page.get_by_role("button", name="Upload").click()
    page.get_by_role("button", name="Cancel").click()
    slow_down_uploads(page, -1)

    page.get_by_role("button", name="Upload").click()

    expect(page.get_by_role("region", name="Uploaded")).to_be_visible(timeout=UPLOADED_MS)


@pytest.mark.parametrize(
    ("filename", "content_type", "data", "message"),
    [
        ("page.html", "text/html", b"<p>", "page.html is no PNG, JPEG, GIF, WebP, PDF, MP4 or plain text."),
        ("logo.svg", "image/svg+xml", b"<svg/>", "logo.svg is no PNG, JPEG, GIF, WebP, PDF, MP4 or plain text."),
        ("nothing.txt", "text/plain", b"", "nothing.txt is empty."),
        ("huge.png", "image/png", b"x" * (20 * MIB + 1), "huge.png has 20.0 MiB. At most 20.0 MiB are taken."),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value and " " not in value else "",
)
def test_what_is_not_taken_is_not_sent(
    page: Page, visitor: Visitor, filename: str, content_type: str, data: bytes, message: str
) -> None:
    sign_in(page, visitor)
    sent = posted_paths(page)

    choose(page, filename, content_type, data)

    expect(page.get_by_role("alert").filter(visible=True)).to_have_text(message)
    page.get_by_role("button", name="Upload").click()
    assert sent == []


def test_refusal_of_the_api_is_shown(page: Page, visitor: Visitor, api: httpx.Client) -> None:
    sign_in(page, visitor)
    choose(page, "picture.png", "image/png", b"%PDF-1.7 this is no picture")

    with page.expect_response("**/media") as refused:
        page.get_by_role("button", name="Upload").click()

    assert refused.value.status == 422
    expect(page.get_by_role("alert").filter(visible=True)).to_have_text(refused.value.json()["detail"])
    expect(page.get_by_role("button", name="Upload")).to_be_focused()
    assert api.get("media").json()["items"] == []


def test_file_that_is_refused_after_its_upload_says_why(page: Page, visitor: Visitor) -> None:
    sign_in(page, visitor)
    choose(page, "film.mp4", "video/mp4", b"%PDF-1.7 ".ljust(5 * MIB))

    page.get_by_role("button", name="Upload").click()

    card = page.get_by_role("region", name="Refused")
    expect(card).to_be_visible(timeout=UPLOADED_MS)
    assert details(card)["Status"] == "Refused"
    assert details(card)["Reason"] != ""
    expect(card.get_by_role("button", name="Download")).to_have_count(0)


def test_everything_by_keyboard(page: Page, visitor: Visitor) -> None:
    page.keyboard.type(visitor.email)
    page.keyboard.press("Tab")
    page.keyboard.type(visitor.password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Upload a file")).to_be_focused()
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
    chooser.value.set_files({"name": "gate.png", "mimeType": "image/png", "buffer": png()})

    page.keyboard.press("Tab")
    page.keyboard.press("End")
    page.keyboard.type(" by keyboard")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Uploaded")).to_be_focused(timeout=UPLOADED_MS)
    card = page.get_by_role("region", name="Uploaded")
    assert details(card)["Name"] == "gate by keyboard"


def test_dropped_file_is_chosen_with_its_preview(page: Page, visitor: Visitor) -> None:
    sign_in(page, visitor)

    page.evaluate_handle(
        """bytes => {
            const files = new DataTransfer();
            files.items.add(new File([new Uint8Array(bytes)], "dropped.png", { type: "image/png" }));
            document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true }));
        }""",
        list(png()),
    )

    expect(page.get_by_text("dropped.png")).to_be_visible()
    expect(page.get_by_role("textbox", name="Name")).to_have_value("dropped")
    expect(page.get_by_alt_text("Preview of the chosen file")).to_have_js_property("naturalWidth", 64)


def posted_paths(page: Page) -> list[str]:
    """Return a list that grows with the path of each POST."""
    paths: list[str] = []

    def remember(request: Request) -> None:
        if request.method == "POST":
            paths.append(httpx.URL(request.url).path)

    page.on("request", remember)
    return paths
