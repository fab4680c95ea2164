"""The page: links for others, who need no account."""

import httpx
import pytest
from playwright.sync_api import Browser, Error, Page, expect

from dev.application.media.browser import sign_in
from dev.application.people import User
from tests.e2e.media.browser import gallery_card, png, upload
from tests.e2e.media.conftest import OpenPage
from tests.media_files import PDF
from tests.waiting import wait_until


def share(page: Page, name: str, lifetime: str = "an hour") -> str:
    """Make a link in the dialog, which stays open. Returns the link."""
    gallery_card(page, name).get_by_role("button", name="Share").click()
    dialog = page.get_by_role("dialog", name=f"Share {name}")
    dialog.get_by_role("radio", name=lifetime).check()
    dialog.get_by_role("button", name="Copy a new link").click()
    expect(dialog.get_by_role("textbox", name="Link")).to_have_count(1)
    return dialog.get_by_role("textbox", name="Link").input_value()


def test_link_leads_to_the_file_in_a_fresh_browser(page: Page, visitor: User, chromium: Browser) -> None:
    """It is saved, not shown: there is no page to go to."""
    picture = png()
    sign_in(page, visitor)
    upload(page, "gate.png", picture)
    link = share(page, "gate")

    with chromium.new_context() as context:
        visited = context.new_page()
        with visited.expect_download() as saved, pytest.raises(Error, match="Download is starting"):
            visited.goto(link)

        assert saved.value.suggested_filename == "gate.png"
        assert saved.value.path().read_bytes() == picture
    page.reload()
    expect(gallery_card(page, "gate")).to_contain_text("1 download")


def test_link_lives_as_long_as_chosen(page: Page, visitor: User) -> None:
    sign_in(page, visitor)
    upload(page, "gate.png", png())

    with page.expect_request("**/links") as made:
        share(page, "gate", lifetime="a week")

    assert made.value.post_data_json == {"expires_in": 604800}


def test_dialog_warns_before_a_file_is_shared_with_its_metadata(page: Page, visitor: User) -> None:
    sign_in(page, visitor)
    upload(page, "paper.pdf", PDF)

    gallery_card(page, "paper").get_by_role("button", name="Share").click()

    expect(page.get_by_role("dialog")).to_contain_text("The file is shared unchanged.")


def test_link_is_in_the_clipboard(open_page: OpenPage, visitor: User) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    sign_in(page, visitor)
    upload(page, "gate.png", png())

    link = share(page, "gate")

    expect(page.get_by_text("The link is in the clipboard.")).to_be_visible()
    assert page.evaluate("() => navigator.clipboard.readText()") == link


def test_link_can_be_copied_by_hand_where_there_is_no_clipboard(page: Page, visitor: User) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.reload()
    sign_in(page, visitor)
    upload(page, "gate.png", png())

    link = share(page, "gate")

    expect(page.get_by_text("Copy the link from the field above.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Link")).to_be_focused()
    assert page.evaluate("() => getSelection().toString()") == link


def test_revoked_link_is_gone(page: Page, visitor: User) -> None:
    sign_in(page, visitor)
    upload(page, "gate.png", png())
    link = share(page, "gate")

    page.get_by_role("dialog").get_by_role("button", name="Revoke", exact=True).click()

    expect(page.get_by_text("The link is revoked and no longer works.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Link")).to_have_count(0)
    answer = httpx.get(link)
    assert (answer.status_code, answer.json()["code"]) == (404, "LinkNotFound")


def test_expired_link_says_so(page: Page, visitor: User, api: httpx.Client, chromium: Browser) -> None:
    sign_in(page, visitor)
    upload(page, "gate.png", png())
    (media,) = api.get("media").json()["items"]
    link = api.post(f"media/{media['id']}/links", json={"expires_in": 1}).json()["url"]
    wait_until(lambda: httpx.get(link).status_code == 410)

    with chromium.new_context() as context:
        stranger = context.new_page()
        answer = stranger.goto(link)

        assert answer is not None
        assert answer.status == 410
        expect(stranger.get_by_text("The link has expired. Ask the sender for a new one.")).to_be_visible()


def test_links_made_before_are_still_there(page: Page, visitor: User) -> None:
    """A token is returned only once, so a dialog that is closed early keeps it."""
    sign_in(page, visitor)
    upload(page, "gate.png", png())
    link = share(page, "gate")
    page.keyboard.press("Escape")

    gallery_card(page, "gate").get_by_role("button", name="Share").click()

    expect(page.get_by_role("textbox", name="Link")).to_have_value(link)


def test_links_made_elsewhere_are_revoked_without_their_address(page: Page, visitor: User, api: httpx.Client) -> None:
    """One by its id, the other two together."""
    sign_in(page, visitor)
    upload(page, "gate.png", png())
    (media,) = api.get("media").json()["items"]
    links = [api.post(f"media/{media['id']}/links", json={}).json()["url"] for _ in range(3)]

    gallery_card(page, "gate").get_by_role("button", name="Share").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Its address was shown only once.")).to_have_count(3)
    dialog.get_by_role("button", name="Revoke", exact=True).first.click()
    expect(page.get_by_text("The link is revoked and no longer works.")).to_be_visible()
    assert [httpx.get(link).status_code for link in links] == [302, 302, 404]
    dialog.get_by_role("button", name="Revoke all").click()

    expect(page.get_by_text("All links are revoked and no longer work.")).to_be_visible()
    expect(dialog.get_by_role("button", name="Revoke all")).to_be_hidden()
    assert [httpx.get(link).status_code for link in links] == [404, 404, 404]
