"""The page of the clone's stack, in Debian's Chromium."""

import re
from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, expect

from dev.application.media import browser
from dev.application.people import User
from dev.application.stack import Stack, Status
from tests.conftest import need
from tests.waiting import DEADLINE_SECONDS

type OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A browser without a window."""
    need(browser.find_chromium() is not None, "Chromium (apt install chromium)")
    with browser.chromium() as running:
        expect.set_options(timeout=DEADLINE_SECONDS * 1000)
        yield running


@pytest.fixture
def visitor(stack: Stack) -> User:
    """Somebody who has no files yet."""
    user = browser.add_user(stack)
    browser.keep_password(stack, user)
    return user


@pytest.fixture
def api(stack: Stack, visitor: User) -> Iterator[httpx.Client]:
    """An HTTP client of the visitor, to look behind the page."""
    with stack.http() as client:
        client.headers["Authorization"] = browser.token_of(stack, visitor)
        yield client


@pytest.fixture
def open_page(chromium: Browser, status: Status) -> Iterator[OpenPage]:
    """Opens the page in a browser that remembers nothing. After the test nothing may have gone wrong in it:
    no script failed, nothing was kept from loading, no dialog came up.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def reject(dialog: Dialog) -> None:
        faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def open_it(path: str = "/", base: str = status.api_url, **settings: object) -> Page:
        context = chromium.new_context(**settings)  # type: ignore[arg-type]
        context.set_default_timeout(DEADLINE_SECONDS * 1000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"error: {error}"))
        page.on("dialog", reject)
        page.on("console", lambda message: faults.extend(faults_in(message)))
        page.goto(base + path)
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert faults == []


def faults_in(message: ConsoleMessage) -> list[str]:
    """Return what a console message says of the page itself: the browser logs rejections and lost answers too."""
    expected = re.match(
        r"Failed to load resource: "
        r"(the server responded with a status of (4|50[34])|net::ERR_FAILED|net::ERR_INTERNET_DISCONNECTED)",
        message.text,
    )
    return [message.text] if message.type in {"error", "warning"} and not expected else []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page()
