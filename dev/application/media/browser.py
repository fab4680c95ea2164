"""The upload page in a browser, for tests and for the pictures in docs/media."""

import functools
import mimetypes
import re
import shutil
import tempfile
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, CDPSession, FilePayload, Page, expect, sync_playwright

from dev.application import people
from dev.application.people import User
from dev.application.stack import Stack
from dev.errors import DevError

MIB = 1024 * 1024
LONGEST_WAIT_MS = 60_000
"""Everything is local, but the first call of a function takes seconds on a busy machine."""


def find_chromium() -> str | None:
    """Return the path of Debian's Chromium, if it is there. Playwright's own would be a download."""
    return shutil.which("chromium")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run a browser without a window. Raises DevError if Chromium is not installed."""
    program = find_chromium()
    if program is None:
        raise DevError("Chromium is not installed. Install it with: apt install chromium")
    expect.set_options(timeout=LONGEST_WAIT_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


def add_user(stack: Stack, email: str = "") -> User:
    """Add a user as an administrator does, with a temporary password."""
    email, password = email or f"{uuid.uuid4()}@example.com", f"Aa1-{uuid.uuid4()}"
    added = stack.client("cognito-idp").admin_create_user(
        UserPoolId=stack.status().user_pool_id,
        Username=email,
        TemporaryPassword=password,
        MessageAction="SUPPRESS",
        UserAttributes=[{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}],
    )
    attributes = {each["Name"]: each["Value"] for each in added["User"]["Attributes"]}
    return User(email, password, attributes["sub"], customer_id=None, groups=[])


def keep_password(stack: Stack, user: User) -> None:
    """Make the password of a user permanent."""
    stack.client("cognito-idp").admin_set_user_password(
        UserPoolId=stack.status().user_pool_id, Username=user.email, Password=user.password, Permanent=True
    )


def token_of(stack: Stack, user: User) -> str:
    """Return an ID token of a user with a permanent password."""
    return people.sign_in(stack.client("cognito-idp"), stack.status().user_pool_client_id, user)


def enter_credentials(page: Page, user: User) -> None:
    page.get_by_role("textbox", name="E-mail address").fill(user.email)
    page.get_by_role("textbox", name="Password", exact=True).fill(user.password)
    page.get_by_role("button", name="Sign in").click()


def sign_in(page: Page, user: User) -> None:
    """Sign in, and wait for the gallery."""
    enter_credentials(page, user)
    wait_for_gallery(page)


def wait_for_gallery(page: Page) -> None:
    gallery = page.get_by_role("region", name="Your files")
    expect(gallery.get_by_role("status")).to_have_text(re.compile(r"^\d+ files? shown\.$"))


def choose(page: Page, files: Mapping[str, bytes]) -> None:
    """Choose files by their names. Playwright takes 16 s to pass 20 MiB to the browser, so large files are on disk.

    Small ones are not: in the locale C the browser cannot read file names that are not ASCII.
    """
    picker = page.get_by_label("Choose files")
    if sum(map(len, files.values())) >= MIB:
        picker.set_input_files([_on_disk(name, data) for name, data in files.items()])
    else:
        picker.set_input_files([_in_memory(name, data) for name, data in files.items()])


def _in_memory(filename: str, data: bytes) -> FilePayload:
    return {"name": filename, "mimeType": mimetypes.guess_type(filename)[0] or "", "buffer": data}


def _on_disk(filename: str, data: bytes) -> Path:
    path = Path(_folder().name) / uuid.uuid4().hex / filename
    path.parent.mkdir()
    path.write_bytes(data)
    return path


@functools.cache
def _folder() -> "tempfile.TemporaryDirectory[str]":
    """Return a folder that lasts as long as this process, because the browser reads files when it sends them."""
    return tempfile.TemporaryDirectory(prefix="chosen-")


def slow_down_uploads(page: Page, bytes_per_second: int) -> CDPSession:
    """Limit the upload rate until the returned session is detached."""
    conditions = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_per_second}
    session = page.context.new_cdp_session(page)
    session.send("Network.emulateNetworkConditions", conditions)
    return session
