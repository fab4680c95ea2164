"""The page in each of its looks: axe finds nothing in any state, nothing moves by itself, and the paint comes first."""

from dataclasses import replace
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from dev.application.media.browser import (
    MIB,
    choose,
    enter_credentials,
    sign_in,
    slow_down_uploads,
    wait_for_gallery,
)
from dev.application.people import User
from tests.e2e.media.browser import (
    describe,
    drop,
    gallery_card,
    job,
    job_state,
    mp4,
    open_share,
    open_viewer,
    png,
    queue_status,
    start,
)
from tests.e2e.media.conftest import OpenPage

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
SETTINGS: dict[str, dict[str, Any]] = {
    "light": {"viewport": DESKTOP, "color_scheme": "light"},
    "dark": {"viewport": DESKTOP, "color_scheme": "dark"},
    "phone": {"viewport": PHONE, "color_scheme": "light"},
    "dark phone": {"viewport": PHONE, "color_scheme": "dark"},
}
OBSERVE = """
    window.shift = 0;
    new PerformanceObserver(list => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
"""
FIRST_PAINT = "() => performance.getEntriesByName('first-paint')[0].startTime"
FIRST_REQUEST = "() => performance.getEntriesByType('resource').find(each => each.initiatorType == 'fetch').startTime"


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {node['html']}" for each in found for node in each["nodes"]]


@pytest.fixture(params=SETTINGS.values(), ids=list(SETTINGS))
def screen(request: pytest.FixtureRequest, open_page: OpenPage) -> Page:
    """The page in each of its looks."""
    page = open_page(reduced_motion="reduce", **request.param)
    page.add_init_script(OBSERVE)
    page.reload()
    return page


def test_every_state(screen: Page, visitor: User) -> None:
    assert violations(screen) == []  # signed out
    enter_credentials(screen, replace(visitor, password="Wrong-password-1"))
    expect(screen.get_by_role("alert").filter(visible=True)).to_be_visible()
    assert violations(screen) == []  # wrong password
    sign_in(screen, visitor)
    assert violations(screen) == []  # empty

    files = {
        "logo.svg": b"<svg/>",
        "gate.png": png(),
        "bad.png": b"%PDF-1.7",
        "note.txt": b"text",
        "film.mp4": mp4(MIB),
    }
    drop(screen, files)
    job(screen, "gate").get_by_text("Name and caption").click()
    assert violations(screen) == []  # chosen
    slow_down_uploads(screen, MIB // 8)
    start(screen)
    expect(job_state(screen, "film")).to_contain_text("% of")
    assert violations(screen) == []  # uploading
    screen.get_by_role("button", name="Cancel film").click()
    expect(queue_status(screen)).to_have_text("2 uploaded, 2 rejected, 1 cancelled")
    assert violations(screen) == []  # uploaded, rejected and cancelled
    screen.get_by_role("button", name="Clear list").click()

    open_viewer(screen, "gate").get_by_text("Details").click()
    assert violations(screen) == []  # larger view
    screen.keyboard.press("Escape")
    open_share(screen, "gate").get_by_role("button", name="Copy a new link").click()
    expect(screen.get_by_role("textbox", name="Link")).to_be_visible()
    assert violations(screen) == []  # sharing
    screen.keyboard.press("Escape")
    gallery_card(screen, "gate").get_by_role("button", name="Delete").click()
    assert violations(screen) == []  # deleting
    screen.keyboard.press("Escape")
    assert screen.evaluate("() => window.shift") < 0.05

    screen.reload()
    wait_for_gallery(screen)
    assert violations(screen) == []  # gallery
    assert screen.evaluate("() => window.shift") < 0.05
    assert screen.evaluate(FIRST_PAINT) < screen.evaluate(FIRST_REQUEST)


def test_regions_for_messages_are_there_before_the_messages(page: Page, visitor: User) -> None:
    """Or their first message is not read out."""
    expect(page.get_by_role("region", name="Sign in").get_by_role("alert")).to_have_count(1)
    expect(page.get_by_role("region", name="Sign in").get_by_role("status")).to_have_count(1)

    sign_in(page, visitor)

    expect(page.get_by_role("region", name="Upload files").get_by_role("alert")).to_have_count(1)
    expect(page.get_by_role("region", name="Upload files").get_by_role("status")).to_have_count(1)
    expect(page.get_by_role("region", name="Your files").get_by_role("alert")).to_have_count(1)


def test_page_fits_a_narrow_phone_with_large_text(open_page: OpenPage, visitor: User, api: httpx.Client) -> None:
    """WCAG 1.4.10 and 1.4.4: at 320 pixels nothing scrolls sideways, also with text of twice its size."""
    page = open_page(viewport={"width": 320, "height": 640})
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": 32}})
    page.reload()
    assert page.evaluate("() => getComputedStyle(document.body).fontSize") == "32px"
    sign_in(page, visitor)
    choose(page, {f"{'W' * 100}.png": png()})
    describe(job(page, "W"), "W" * 100, caption="W" * 500)
    assert width(page) == 320

    start(page)

    expect(queue_status(page)).to_have_text("1 uploaded")
    assert width(page) == 320


def width(page: Page) -> int:
    return int(page.evaluate("() => document.documentElement.scrollWidth"))


def test_progress_is_seen_in_forced_colours(open_page: OpenPage, visitor: User) -> None:
    """Where the system takes backgrounds away."""
    page = open_page(forced_colors="active")
    sign_in(page, visitor)
    slow_down_uploads(page, MIB // 4)
    choose(page, {"film.mp4": mp4(3 * MIB)})

    start(page)

    expect(page.get_by_role("progressbar").first).to_have_css("border-top-width", "1px")
