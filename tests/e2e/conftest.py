"""The page in Debian's Chromium, on the tests' own stack."""

import shutil
import uuid
from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from dev.stack import Stack, Status
from tests.conftest import need
from tests.e2e.browser import Visitor

type OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A browser without a window."""
    program = shutil.which("chromium")
    need(program is not None, "Chromium (apt install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def new_account(stack: Stack, status: Status) -> Callable[[], tuple[str, str]]:
    """Makes an account as an administrator does. Returns its address and the password for the first time."""

    def make() -> tuple[str, str]:
        email, password = f"{uuid.uuid4()}@example.com", f"Aa1-{uuid.uuid4()}"
        stack.client("cognito-idp").admin_create_user(
            UserPoolId=status.user_pool_id,
            Username=email,
            TemporaryPassword=password,
            MessageAction="SUPPRESS",
            UserAttributes=[{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}],
        )
        return email, password

    return make


@pytest.fixture
def visitor(stack: Stack, status: Status, new_account: Callable[[], tuple[str, str]]) -> Visitor:
    """Somebody who has no files yet, and has signed in before."""
    email, password = new_account()
    cognito = stack.client("cognito-idp")
    cognito.admin_set_user_password(UserPoolId=status.user_pool_id, Username=email, Password=password, Permanent=True)
    answer = cognito.initiate_auth(
        ClientId=status.user_pool_client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": email, "PASSWORD": password},
    )
    return Visitor(email, password, answer["AuthenticationResult"]["IdToken"])


@pytest.fixture
def api(stack: Stack, visitor: Visitor) -> Iterator[httpx.Client]:
    """An HTTP client of the visitor, to look behind the page."""
    with stack.http() as client:
        client.headers["Authorization"] = visitor.token
        yield client


@pytest.fixture
def open_page(chromium: Browser, status: Status) -> Iterator[OpenPage]:
    """Opens the page in a browser that remembers nothing. After the test nothing may have gone wrong in it:
    no script failed, nothing was kept from loading, no dialog came up.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_it(path: str = "/", **settings: object) -> Page:
        context = chromium.new_context(**settings)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on("console", lambda message: faults.extend(faults_in(message)))
        page.goto(status.api_url + path)
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert faults == []


def faults_in(message: ConsoleMessage) -> list[str]:
    """Return what a console message says of the page itself: answers of 4xx are logged by the browser too."""
    expected = message.text.startswith("Failed to load resource: the server responded with a status of 4")
    return [message.text] if message.type in {"error", "warning"} and not expected else []


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page()
