"""Takes the pictures in docs/media from the running stack: python -m dev.application.media.screenshots."""

import io
import re
from typing import Any

import httpx
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from dev.application.media.browser import (
    MIB,
    add_user,
    choose,
    chromium,
    keep_password,
    sign_in,
    slow_down_uploads,
    token_of,
)
from dev.application.media.sample_photo import landscape
from dev.application.people import User
from dev.application.stack import Stack
from dev.errors import exits_with
from dev.paths import ROOT

IMAGES = ROOT / "docs" / "media"
DESKTOP = {"viewport": {"width": 1200, "height": 860}}
PHONE = {"viewport": {"width": 390, "height": 780}, "device_scale_factor": 1.5}
LOOKS: dict[str, dict[str, Any]] = {
    "light": {**DESKTOP, "color_scheme": "light"},
    "dark": {**DESKTOP, "color_scheme": "dark"},
    "phone": {**PHONE, "color_scheme": "light"},
    "phone-dark": {**PHONE, "color_scheme": "dark"},
}
SHOTS = {
    "uploading": ("light", "phone"),
    "uploaded": ("phone",),
    "gallery": ("light", "dark", "phone-dark"),
    "viewer": ("dark",),
    "sharing": ("light", "phone"),
}
FILES = (  # name, caption, extension, downloads; oldest first
    ("North ridge", "The last light, from the hut.", "jpg", 7),
    ("Minutes of the spring meeting", "Approved on 3 May.", "pdf", 12),
    ("Harbour before the storm", "", "jpg", 3),
    ("First frost", "", "jpg", 1),
    ("Swallows", "Forty seconds, no sound.", "mp4", 0),
)
LAKE = "evening-on-the-lake.jpg"
TYPES = {"jpg": "image/jpeg", "pdf": "application/pdf", "mp4": "video/mp4"}
BEGINNINGS = {"pdf": b"%PDF-1.7\n", "mp4": b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"}


def main() -> None:
    """Take every picture as a temporary user."""
    stack = Stack()
    user = add_user(stack, "ada@example.com")
    keep_password(stack, user)
    try:
        with stack.http() as api, chromium() as browser:
            api.headers["Authorization"] = token_of(stack, user)
            take_all(browser, user, api)
            delete_all(api)
    finally:
        stack.client("cognito-idp").admin_delete_user(UserPoolId=stack.status().user_pool_id, Username=user.email)


def take_all(browser: Browser, user: User, api: httpx.Client) -> None:
    for look in SHOTS["uploading"]:
        delete_all(api)
        add_files(api)
        page = open_page(browser, user, api, look)
        choose(
            page,
            {"logo.svg": b"<svg/>", LAKE: landscape(4, 2400, 1600).ljust(6 * MIB, b"\x00"), "hut.jpg": landscape(3)},
        )
        slow_down_uploads(page, MIB)
        page.get_by_role("button", name="Upload 2 files").click()
        expect(page.get_by_text(re.compile(r"^[4-8]\d % of"))).to_be_visible()
        expect(page.get_by_role("button", name="Copy share link hut")).to_be_visible()
        take(page, "uploading", look)
        with page.expect_response(lambda answer: answer.request.method == "DELETE"):
            page.get_by_role("button", name="Cancel all").click()
    for look in SHOTS["uploaded"]:
        page = open_page(browser, user, api, look)
        choose(page, {LAKE: landscape(4, 1200, 800)})
        page.get_by_role("button", name="Upload 1 file").click()
        expect(page.get_by_role("button", name="Copy share link")).to_be_visible()
        take(page, "uploaded", look)
    for look in SHOTS["gallery"]:
        take(open_page(browser, user, api, look), "gallery", look)
    for look in SHOTS["viewer"]:
        page = open_page(browser, user, api, look)
        page.get_by_role("button", name="Open North ridge").click()
        expect(page.get_by_role("dialog").locator("img")).to_have_js_property("naturalWidth", 1200)
        take(page, "viewer", look)
    for look in SHOTS["sharing"]:
        page = open_page(browser, user, api, look)
        page.get_by_role("button", name="Share Minutes").click()
        page.get_by_role("button", name="Copy a new link").click()
        expect(page.get_by_role("textbox", name="Link")).to_have_count(1)
        take(page, "sharing", look)


def open_page(browser: Browser, user: User, api: httpx.Client, look: str) -> Page:
    page = browser.new_page(**LOOKS[look], reduced_motion="reduce", locale="en-GB")
    page.goto(str(api.base_url))
    sign_in(page, user)
    return page


def take(page: Page, state: str, look: str) -> None:
    """Save a picture as a losslessly compressed PNG."""
    for image in page.locator("img:visible").all():
        expect(image).to_have_js_property("complete", True)  # noqa: FBT003
    picture = Image.open(io.BytesIO(page.screenshot()))
    picture.convert("RGB").save(IMAGES / f"{state}-{look}.png", optimize=True)


def add_files(api: httpx.Client) -> None:
    for number, (name, caption, extension, downloads) in enumerate(FILES):
        data = landscape(number) if extension == "jpg" else BEGINNINGS[extension].ljust((number + 3) * 200_000, b"\x00")
        file = (f"{name.lower().replace(' ', '-')}.{extension}", data, TYPES[extension])
        answer = api.post("media", data={"name": name, "caption": caption}, files={"file": file})
        for _ in range(downloads):
            api.get(f"media/{answer.json()['id']}/download")


def delete_all(api: httpx.Client) -> None:
    for media in api.get("media", params={"limit": 100}).json()["items"]:
        api.delete(f"media/{media['id']}")


if __name__ == "__main__":
    with exits_with(1):
        main()
