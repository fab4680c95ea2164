"""The page: links for others, who need no account."""

import httpx
import pytest
from playwright.sync_api import Browser, Error, Page, expect

from dev.application.media.browser import sign_in
from dev.application.people import User
from tests.e2e.media.browser import job, open_share, open_viewer, png, put, upload
from tests.e2e.media.conftest import OpenPage
from tests.media_files import PDF
from tests.waiting import wait_until

REVOKED = "The link is revoked and no longer works."


def make_link(page: Page, lifetime: str = "1 day") -> str:
    """Make a link in the open dialog. Returns the link."""
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name=lifetime).check()
    dialog.get_by_role("button", name="Copy a new link").click()
    expect(dialog.get_by_role("textbox", name="Link")).to_have_count(1)
    return dialog.get_by_role("textbox", name="Link").input_value()


def test_shared_file_is_counted_and_rejected_after_it_is_revoked(
    page: Page, visitor: User, api: httpx.Client, chromium: Browser
) -> None:
    """The link is opened in a fresh browser and revoked after a reload."""
    picture = png()
    put(api, "gate", picture)
    sign_in(page, visitor)
    open_share(page, "gate")
    link = make_link(page)

    with chromium.new_context() as context:
        visited = context.new_page()
        with visited.expect_download() as saved, pytest.raises(Error, match="Download is starting"):
            visited.goto(link)
        assert saved.value.suggested_filename == "gate.png"
        assert saved.value.path().read_bytes() == picture
        page.reload()
        dialog = open_share(page, "gate")
        expect(dialog.get_by_role("listitem")).to_contain_text("1 download")
        expect(dialog.get_by_role("listitem")).to_contain_text("Its address was shown only once.")
        dialog.get_by_role("button", name="Revoke", exact=False).first.click()
        expect(page.get_by_text(REVOKED)).to_be_visible()

        answer = visited.goto(link)

        assert answer is not None
        assert (answer.status, answer.json()["code"]) == (404, "LinkNotFound")


def test_link_lives_as_long_as_chosen(page: Page, visitor: User, api: httpx.Client) -> None:
    put(api, "gate")
    sign_in(page, visitor)
    open_share(page, "gate")

    with page.expect_request("**/links") as made:
        make_link(page, lifetime="1 week")

    assert made.value.post_data_json == {"expires_in": 604800}


def test_share_link_is_copied_once_and_reused(open_page: OpenPage, visitor: User) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    sign_in(page, visitor)
    upload(page, {"gate.png": png()})
    with page.expect_request("**/links"):
        page.get_by_role("button", name="Copy share link gate").click()
    expect(page.get_by_text("Link copied.")).to_be_visible()
    link = page.evaluate("() => navigator.clipboard.readText()")

    open_viewer(page, "gate").get_by_role("button", name="Copy share link").click()
    page.keyboard.press("Escape")

    dialog = open_share(page, "gate")
    expect(dialog.get_by_role("textbox", name="Link")).to_have_value(link)
    assert httpx.get(link, timeout=60, trust_env=False).status_code == 302


def test_warning_comes_before_a_file_is_shared_with_its_metadata(page: Page, visitor: User) -> None:
    sign_in(page, visitor)
    upload(page, {"paper.pdf": PDF})

    job(page, "paper").get_by_role("button", name="Copy share link").click()

    expect(page.get_by_role("dialog", name="Share paper")).to_contain_text("This file is shared unchanged.")


def test_link_can_be_copied_by_hand_where_there_is_no_clipboard(page: Page, visitor: User, api: httpx.Client) -> None:
    put(api, "gate")
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.reload()
    sign_in(page, visitor)
    open_share(page, "gate")

    link = make_link(page)

    expect(page.get_by_text("Copy the link from the field.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Link")).to_be_focused()
    assert page.evaluate("() => getSelection().toString()") == link


def test_expired_link_says_so(page: Page, visitor: User, api: httpx.Client) -> None:
    identifier = put(api, "gate")
    link = api.post(f"media/{identifier}/links", json={"expires_in": 1}).json()["url"]
    wait_until(lambda: httpx.get(link, timeout=60, trust_env=False).status_code == 410)

    page.goto(link)

    expect(page.get_by_text("The link has expired. Ask the sender for a new one.")).to_be_visible()


def test_all_links_are_revoked_together(page: Page, visitor: User, api: httpx.Client) -> None:
    identifier = put(api, "gate")
    links = [api.post(f"media/{identifier}/links", json={}).json()["url"] for _ in range(3)]
    sign_in(page, visitor)
    dialog = open_share(page, "gate")
    expect(dialog.get_by_role("heading", name="3 active links")).to_be_visible()

    dialog.get_by_role("button", name="Revoke the link to gate").first.click()
    expect(page.get_by_text(REVOKED)).to_be_visible()
    assert [api.get(link, follow_redirects=False).status_code for link in links] == [302, 302, 404]
    dialog.get_by_role("button", name="Revoke all").click()

    expect(page.get_by_text("All links are revoked and no longer work.")).to_be_visible()
    expect(dialog.get_by_role("button", name="Revoke all")).to_be_hidden()
    assert [api.get(link, follow_redirects=False).status_code for link in links] == [404, 404, 404]
