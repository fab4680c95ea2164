"""The page has no fault that axe can find, in each of its states, colours and sizes."""

from dataclasses import replace
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from dev.browser import MIB, choose, enter_credentials, sign_in, slow_down_uploads
from dev.seed import User
from tests.e2e.browser import gallery_card, mp4, png, upload
from tests.e2e.conftest import OpenPage

SETTINGS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "reduced_motion": "reduce"},
    "dark": {"color_scheme": "dark", "reduced_motion": "reduce"},
    "phone": {"viewport": {"width": 390, "height": 844}, "reduced_motion": "reduce"},
}


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {node['html']}" for each in found for node in each["nodes"]]


@pytest.fixture(params=SETTINGS.values(), ids=list(SETTINGS))
def screen(request: pytest.FixtureRequest, open_page: OpenPage) -> Page:
    """The page in each of its looks."""
    return open_page(**request.param)


def test_signed_out(screen: Page, visitor: User) -> None:
    assert violations(screen) == []

    enter_credentials(screen, replace(visitor, password="Wrong-password-1"))
    expect(screen.get_by_role("alert").filter(visible=True)).to_be_visible()

    assert violations(screen) == []


def test_signed_in(screen: Page, visitor: User) -> None:
    sign_in(screen, visitor)

    assert violations(screen) == []


def test_uploading(screen: Page, visitor: User) -> None:
    sign_in(screen, visitor)
    slow_down_uploads(screen, MIB // 4)
    choose(screen, "film.mp4", "video/mp4", mp4(3 * MIB))
    assert violations(screen) == []
    screen.get_by_role("button", name="Upload").click()
    expect(screen.get_by_role("progressbar")).to_be_visible()

    assert violations(screen) == []


def test_with_result_gallery_and_dialogs(screen: Page, visitor: User, api: httpx.Client) -> None:
    refused = {"name": "other", "caption": "", "filename": "a.mp4", "content_type": "video/mp4", "size": 9}
    form = api.post("media/uploads", json=refused).json()["upload"]
    httpx.post(form["url"], data=form["fields"], files={"file": b"%PDF-1.7 "})
    sign_in(screen, visitor)
    expect(gallery_card(screen, "other").get_by_text("Refused").first).to_be_visible(timeout=60_000)
    upload(screen, "gate.png", "image/png", png(), caption="Green")
    gallery_card(screen, "gate").get_by_text("Details").click()
    assert violations(screen) == []

    gallery_card(screen, "gate").get_by_role("button", name="Share").click()
    screen.get_by_role("button", name="Copy a new link").click()
    expect(screen.get_by_role("textbox", name="Link")).to_be_visible()
    assert violations(screen) == []

    screen.keyboard.press("Escape")
    gallery_card(screen, "gate").get_by_role("button", name="Delete").click()
    assert violations(screen) == []


def test_page_fits_a_narrow_phone(open_page: OpenPage, visitor: User) -> None:
    """WCAG 1.4.10: nothing is cut off, and nobody scrolls sideways, at 320 pixels."""
    page = open_page(viewport={"width": 320, "height": 640})
    sign_in(page, visitor)

    upload(page, f"{'long' * 25}.png", "image/png", png(), caption="W" * 500)

    assert page.evaluate("() => document.documentElement.scrollWidth") == 320
