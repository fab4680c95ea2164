"""What a person does with the page, in a real browser."""

import io
from dataclasses import dataclass

from PIL import Image
from playwright.sync_api import Locator, Page, expect

MIB = 1024 * 1024
UPLOADED_MS = 60_000
"""How long an upload may take with everything that is local on a busy machine."""


@dataclass(frozen=True)
class Visitor:
    """Somebody with an account of their own."""

    email: str
    password: str
    token: str


def png(width: int = 64, height: int = 48, colour: str = "#0d6658") -> bytes:
    """Return a picture of one colour."""
    file = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(file, "PNG")
    return file.getvalue()


def mp4(size: int) -> bytes:
    """Return as many bytes as asked for that begin as a film does."""
    return b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom".ljust(size, b"\x00")


def enter_credentials(page: Page, email: str, password: str) -> None:
    page.get_by_role("textbox", name="E-mail address").fill(email)
    page.get_by_role("textbox", name="Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def sign_in(page: Page, visitor: Visitor) -> None:
    """Sign in, and wait for the gallery."""
    enter_credentials(page, visitor.email, visitor.password)
    expect(page.get_by_role("heading", name="Upload a file")).to_be_visible()
    expect(page.get_by_text("Loading …")).to_be_hidden()


def choose(page: Page, filename: str, content_type: str, data: bytes) -> None:
    page.get_by_label("Choose a file").set_input_files({"name": filename, "mimeType": content_type, "buffer": data})


def upload(page: Page, filename: str, content_type: str, data: bytes, name: str = "", caption: str = "") -> Locator:
    """Upload a file, and return its result card."""
    choose(page, filename, content_type, data)
    if name:
        page.get_by_role("textbox", name="Name").fill(name)
    page.get_by_role("textbox", name="Caption").fill(caption)
    page.get_by_role("button", name="Upload").click()
    card = page.get_by_role("region", name="Uploaded")
    expect(card).to_be_visible(timeout=UPLOADED_MS)
    return card


def gallery_card(page: Page, name: str) -> Locator:
    """Return what the gallery shows of a file."""
    heading = page.get_by_role("heading", name=name, exact=True)
    return page.get_by_role("region", name="Your files").get_by_role("listitem").filter(has=heading)


def details(card: Locator) -> dict[str, str]:
    """Return the terms and what they stand for in a list of details."""
    terms, values = card.locator("dt").all_inner_texts(), card.locator("dd").all_inner_texts()
    return dict(zip(terms, values, strict=True))


def slow_down_uploads(page: Page, bytes_per_second: int) -> None:
    conditions = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_per_second}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", conditions)
