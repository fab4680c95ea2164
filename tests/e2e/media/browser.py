"""What a person does with the page, in a real browser."""

import io

import httpx
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from dev.application.media.browser import choose


def png(width: int = 64, height: int = 48, colour: str = "#0d6658") -> bytes:
    """Return a picture of one colour."""
    file = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(file, "PNG")
    return file.getvalue()


def mp4(size: int) -> bytes:
    """Return as many bytes as asked for that begin as a film does."""
    return b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom".ljust(size, b"\x00")


def upload(page: Page, filename: str, data: bytes, name: str = "", caption: str = "") -> Locator:
    """Upload a file, and return its result card."""
    choose(page, filename, data)
    if name:
        page.get_by_role("textbox", name="Name").fill(name)
    page.get_by_role("textbox", name="Caption").fill(caption)
    page.get_by_role("button", name="Upload").click()
    card = page.get_by_role("region", name="Uploaded")
    expect(card).to_be_visible()
    return card


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


def details(card: Locator) -> dict[str, str]:
    """Return the terms and what they stand for in a list of details."""
    terms, values = card.locator("dt").all_inner_texts(), card.locator("dd").all_inner_texts()
    return dict(zip(terms, values, strict=True))
