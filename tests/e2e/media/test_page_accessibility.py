"""The page has no fault that axe can find, in each of its states, colours and sizes."""

from dataclasses import replace
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from dev.application.media.browser import MIB, choose, enter_credentials, sign_in, slow_down_uploads
from dev.application.people import User
from tests.e2e.media.browser import gallery_card, mp4, png, upload
from tests.e2e.media.conftest import OpenPage

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


def test_signed_in_and_uploading(screen: Page, visitor: User) -> None:
    sign_in(screen, visitor)
    assert violations(screen) == []
    slow_down_uploads(screen, MIB // 4)
    choose(screen, "film.mp4", mp4(3 * MIB))
    assert violations(screen) == []
    screen.get_by_role("button", name="Upload").click()
    expect(screen.get_by_role("progressbar")).to_be_visible()

    assert violations(screen) == []


def test_regions_for_messages_are_there_before_the_messages(page: Page, visitor: User) -> None:
    """Or their first message is not read out."""
    expect(page.get_by_role("region", name="Sign in").get_by_role("alert")).to_have_count(1)
    expect(page.get_by_role("region", name="Sign in").get_by_role("status")).to_have_count(1)

    sign_in(page, visitor)

    expect(page.get_by_role("region", name="Upload a file").get_by_role("alert")).to_have_count(1)
    expect(page.get_by_role("region", name="Your files").get_by_role("alert")).to_have_count(1)


def test_phases_of_an_upload_are_read_out(page: Page, visitor: User) -> None:
    sign_in(page, visitor)
    slow_down_uploads(page, MIB // 4)
    choose(page, "film.mp4", mp4(3 * MIB))

    page.get_by_role("button", name="Upload").click()

    phase = page.get_by_role("region", name="Upload a file").get_by_role("status")
    expect(phase).to_have_text("Uploading film.mp4")
    expect(page.get_by_role("button", name="Cancel")).to_have_accessible_description("Uploading film.mp4")


def test_with_result_gallery_and_dialogs(screen: Page, visitor: User, api: httpx.Client) -> None:
    refused = {"name": "other", "caption": "", "filename": "a.mp4", "content_type": "video/mp4", "size": 9}
    form = api.post("media/uploads", json=refused).json()["upload"]
    httpx.post(form["url"], data=form["fields"], files={"file": b"%PDF-1.7 "})
    sign_in(screen, visitor)
    expect(gallery_card(screen, "other").get_by_text("Refused").first).to_be_visible(timeout=60_000)
    upload(screen, "gate.png", png(), caption="Green")
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
    """WCAG 1.4.10: at 320 pixels nothing is cut off or scrolls sideways."""
    page = open_page(viewport={"width": 320, "height": 640})
    sign_in(page, visitor)

    upload(page, f"{'long' * 25}.png", png(), caption="W" * 500)

    assert page.evaluate("() => document.documentElement.scrollWidth") == 320


def test_page_fits_a_narrow_phone_with_large_text(open_page: OpenPage, visitor: User) -> None:
    """WCAG 1.4.4: text grows as the browser's settings say, here to twice its size."""
    page = open_page(viewport={"width": 320, "height": 640})
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": 32}})
    page.reload()
    assert page.evaluate("() => getComputedStyle(document.body).fontSize") == "32px"

    sign_in(page, visitor)

    upload(page, f"{'W' * 100}.png", png())
    assert page.evaluate("() => document.documentElement.scrollWidth") == 320


def test_progress_of_a_long_name_fits_a_narrow_phone(open_page: OpenPage, visitor: User) -> None:
    page = open_page(viewport={"width": 320, "height": 640})
    sign_in(page, visitor)
    slow_down_uploads(page, MIB // 4)
    choose(page, f"{'W' * 100}.mp4", mp4(3 * MIB))

    page.get_by_role("button", name="Upload").click()

    expect(page.get_by_role("progressbar")).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth") == 320


def test_progress_is_seen_in_forced_colours(open_page: OpenPage, visitor: User) -> None:
    """Where the system takes backgrounds away."""
    page = open_page(forced_colors="active")
    sign_in(page, visitor)
    slow_down_uploads(page, MIB // 4)
    choose(page, "film.mp4", mp4(3 * MIB))

    page.get_by_role("button", name="Upload").click()

    expect(page.get_by_role("progressbar")).to_have_css("border-top-width", "1px")
