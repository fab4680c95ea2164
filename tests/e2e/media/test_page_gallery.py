"""The page: one's own files, counted, downloaded and deleted."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from playwright.sync_api import Page, expect

from dev.application.media.browser import MIB, sign_in
from dev.application.people import User
from tests.e2e.media.browser import details, gallery_card, mp4, png, put, upload
from tests.unit.media.calls import a_media


def names(page: Page) -> list[str]:
    return page.get_by_role("region", name="Your files").get_by_role("heading", level=3).all_inner_texts()


def test_newest_comes_first(page: Page, visitor: User, api: httpx.Client) -> None:
    put(api, "first")
    put(api, "second")

    sign_in(page, visitor)
    upload(page, "third.png", png())

    assert names(page) == ["third", "second", "first"]
    page.reload()
    expect(gallery_card(page, "third")).to_be_visible()
    assert names(page) == ["third", "second", "first"]


def test_thumbnails_are_shown(page: Page, visitor: User, api: httpx.Client) -> None:
    put(api, "picture", png(640, 480))

    sign_in(page, visitor)

    expect(gallery_card(page, "picture").locator("img")).to_have_js_property("complete", True)
    assert gallery_card(page, "picture").locator("img").evaluate("image => image.naturalWidth") > 0


def test_more_are_shown_a_page_at_a_time(page: Page, visitor: User, api: httpx.Client) -> None:
    for number in range(13):
        put(api, f"file {number}")
    sign_in(page, visitor)
    assert names(page) == [f"file {number}" for number in range(12, 0, -1)]

    page.get_by_role("button", name="Show more").click()

    expect(gallery_card(page, "file 0")).to_be_visible()
    expect(gallery_card(page, "file 0").get_by_role("button", name="Download")).to_be_focused()
    expect(page.get_by_role("button", name="Show more")).to_be_hidden()
    assert len(names(page)) == 13


def test_download_saves_the_file_and_is_counted(page: Page, visitor: User) -> None:
    picture = png(64, 48)
    sign_in(page, visitor)
    result = upload(page, "gate.png", picture)
    card = gallery_card(page, "gate")
    expect(card.get_by_text("0 downloads")).to_be_visible()

    with page.expect_download() as saved:
        card.get_by_role("button", name="Download").click()

    assert saved.value.suggested_filename == "gate.png"
    assert Path(saved.value.path()).read_bytes() == picture
    expect(card).to_contain_text("· 1 download")
    assert details(result)["Downloads"] == "1"
    expect(card.get_by_role("button", name="Download")).to_be_focused()


SAVED_AS = {
    "gate.png": "gate.png",
    "GATE.PNG": "GATE.PNG",
    "gate.html": "gate.html.png",
    "gate": "gate.png",
    ".png": "file.png",
    ".PNG": "file.PNG",
    "gate. .": "gate.png",
    "gate:1.png": "gate_1.png",
    "gate.png.exe": "gate.png.exe.png",
    "a" * 252 + ".gif": "a" * 251 + ".png",
    "é" * 200 + ".png": "é" * 125 + ".png",
}


def test_page_saves_under_the_name_that_the_api_gives(page: Page) -> None:
    for filename, expected in SAVED_AS.items():
        media = a_media(filename=filename, content_type="image/png")

        saved = page.evaluate("media => savedAs(media)", {"filename": filename, "content_type": "image/png"})

        assert (saved, media.saved_as) == (expected, expected)


def test_download_link_of_the_result_saves_the_file(page: Page, visitor: User) -> None:
    film = mp4(5 * MIB)
    sign_in(page, visitor)
    result = upload(page, "film.mp4", film)

    with page.expect_download() as saved:
        result.get_by_role("link").click()

    assert Path(saved.value.path()).read_bytes() == film
    expect(gallery_card(page, "film")).to_contain_text("1 download")


def test_download_of_what_is_gone_says_so(page: Page, visitor: User, api: httpx.Client) -> None:
    identifier = put(api, "gone")
    sign_in(page, visitor)
    api.delete(f"media/{identifier}")

    gallery_card(page, "gone").get_by_role("button", name="Download").click()

    expect(page.get_by_role("alert").filter(visible=True)).to_have_text("The caller has no media with this id.")


def test_upload_that_was_given_up_is_not_asked_after_for_long(page: Page, visitor: User, api: httpx.Client) -> None:
    facts = {"name": "film", "caption": "", "filename": "film.mp4", "content_type": "video/mp4", "size": 9}
    identifier = api.post("media/uploads", json=facts).json()["id"]
    page.clock.install(time=datetime.now(UTC) + timedelta(seconds=290))
    page.reload()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith(identifier) else None)
    sign_in(page, visitor)
    expect(gallery_card(page, "film").locator(".badge").first).to_have_text("Pending")

    page.clock.fast_forward(60_000)

    expect(gallery_card(page, "film").locator(".badge").first).to_have_text("Not completed")
    asked.clear()
    page.clock.run_for(120_000)
    assert asked == []


def test_delete_asks_first(page: Page, visitor: User, api: httpx.Client) -> None:
    put(api, "kept")
    sign_in(page, visitor)

    gallery_card(page, "kept").get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("dialog", name="Delete kept?")
    dialog.get_by_role("button", name="Keep it").click()

    expect(dialog).to_be_hidden()
    expect(gallery_card(page, "kept").get_by_role("button", name="Delete")).to_be_focused()
    assert len(api.get("media").json()["items"]) == 1


def test_delete_takes_the_file_away(page: Page, visitor: User, api: httpx.Client) -> None:
    put(api, "unwanted")
    sign_in(page, visitor)

    gallery_card(page, "unwanted").get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()

    expect(page.get_by_text("Nothing here yet.")).to_be_visible()
    expect(page.get_by_role("heading", name="Your files")).to_be_focused()
    assert api.get("media").json()["items"] == []


def test_deleted_file_leaves_the_result_card_too(page: Page, visitor: User) -> None:
    sign_in(page, visitor)
    result = upload(page, "gate.png", png())

    result.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()

    expect(result).to_be_hidden()
