"""What a person does with the page, in a real browser."""

import base64
import io
from collections.abc import Mapping

import httpx
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from dev.application.media.browser import choose

DROP = """files => {
    const data = new DataTransfer();
    for (const [name, text] of Object.entries(files)) {
        data.items.add(new File([Uint8Array.from(atob(text), each => each.charCodeAt(0))], name));
    }
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true }));
}"""


def png(width: int = 64, height: int = 48, colour: str = "#0d6658", kind: str = "PNG") -> bytes:
    """Return a picture of one colour."""
    file = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(file, kind)
    return file.getvalue()


def mp4(size: int) -> bytes:
    """Return as many bytes as asked for that begin as a film does."""
    return b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom".ljust(size, b"\x00")


def drop(page: Page, files: Mapping[str, bytes]) -> None:
    """Drop files on the page, together."""
    page.evaluate(DROP, {name: base64.b64encode(data).decode() for name, data in files.items()})


def upload(page: Page, files: Mapping[str, bytes]) -> None:
    """Choose files and upload them."""
    choose(page, files)
    start(page)
    expect(queue_status(page)).to_have_text(f"{len(files)} uploaded")


def start(page: Page) -> None:
    page.get_by_role("button", name="Upload").click()


def queue_status(page: Page) -> Locator:
    return page.get_by_role("region", name="Upload files").get_by_role("status")


def job(page: Page, name: str) -> Locator:
    """Return the row of a file in the queue."""
    return page.get_by_role("list", name="Queue").get_by_role("listitem").filter(has_text=name)


def job_state(page: Page, name: str) -> Locator:
    return job(page, name).locator(".state")


def describe(row: Locator, name: str, caption: str = "") -> None:
    """Fill in the name and the caption of a file in the queue."""
    row.get_by_text("Name and caption").click()
    row.get_by_role("textbox", name="Name").fill(name)
    row.get_by_role("textbox", name="Caption").fill(caption)


def put(api: httpx.Client, name: str, data: bytes | None = None) -> str:
    """Upload a file behind the page's back. Returns its id."""
    files = {"file": (f"{name}.png", data or png(), "image/png")}
    answer = api.post("media", data={"name": name, "caption": ""}, files=files)
    assert answer.status_code == 201
    identifier: str = answer.json()["id"]
    return identifier


def gallery_card(page: Page, name: str) -> Locator:
    """Return what the gallery shows of a file."""
    heading = page.get_by_role("heading", name=name, exact=True)
    return page.get_by_role("region", name="Your files").get_by_role("listitem").filter(has=heading)


def open_viewer(page: Page, name: str) -> Locator:
    page.get_by_role("button", name=f"Open {name}", exact=True).click()
    return page.get_by_role("dialog", name=name, exact=True)


def open_share(page: Page, name: str) -> Locator:
    gallery_card(page, name).get_by_role("button", name="Share").click()
    return page.get_by_role("dialog", name=f"Share {name}", exact=True)


def details(part: Locator) -> dict[str, str]:
    """Return the terms and values in a list of details, which need not be unfolded."""
    terms, values = part.locator("dt").all_text_contents(), part.locator("dd").all_text_contents()
    return dict(zip(terms, values, strict=True))
