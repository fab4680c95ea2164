"""The page: one's own files, found, viewed, counted, downloaded and deleted."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
from playwright.sync_api import Page, Route, expect

from dev.application.media.browser import sign_in, wait_for_gallery
from dev.application.people import User
from tests.e2e.media.browser import gallery_card, open_viewer, png, put, upload
from tests.e2e.media.conftest import OpenPage
from tests.unit.media.calls import a_media


def names(page: Page) -> list[str]:
    return page.get_by_role("region", name="Your files").get_by_role("heading", level=3).all_inner_texts()


def list_media(page: Page, made: Iterable[tuple[str, int]]) -> None:
    """Let the API list media of these names and sizes, the newest first, in pages."""
    items = [
        a_media(id=f"{number:032x}", name=name, filename="a.pdf", content_type="application/pdf", size=size).to_json("")
        for number, (name, size) in enumerate(made)
    ]

    def answer(route: Route) -> None:
        query = parse_qs(urlsplit(route.request.url).query)
        first, limit = int(query.get("cursor", ["0"])[0]), int(query["limit"][0])
        following = first + limit
        cursor = str(following) if following < len(items) else None
        route.fulfill(body=json.dumps({"items": items[first:following], "next_cursor": cursor}))

    page.route("**/v1/media?*", answer)


def test_newest_comes_first_with_its_thumbnail(page: Page, visitor: User, api: httpx.Client) -> None:
    put(api, "first", png(640, 480))

    sign_in(page, visitor)
    upload(page, {"second.png": png()})

    assert names(page) == ["second", "first"]
    page.reload()
    wait_for_gallery(page)
    assert names(page) == ["second", "first"]
    expect(gallery_card(page, "first").locator("img")).to_have_js_property("naturalWidth", 320)


def test_more_are_shown_by_scrolling(page: Page, visitor: User) -> None:
    list_media(page, ((f"file {number}", 1) for number in range(60)))
    sign_in(page, visitor)
    assert len(names(page)) == 24

    while len(names(page)) < 60:
        gallery_card(page, names(page)[-1]).scroll_into_view_if_needed()

    assert names(page) == [f"file {number}" for number in range(60)]


def test_search_and_order_apply_to_all_files(page: Page, visitor: User) -> None:
    list_media(page, ((f"file {number}", 100 + number) for number in range(130)))
    sign_in(page, visitor)

    page.get_by_role("combobox", name="Sort by").select_option("Largest first")
    expect(page.get_by_role("heading", level=3)).to_have_count(130)
    assert names(page)[:2] == ["file 129", "file 128"]
    page.get_by_role("searchbox", name="Search by name").fill(" FILE 12")
    expect(page.get_by_text("11 files shown.")).to_have_count(1)
    assert names(page)[-2:] == ["file 120", "file 12"]
    page.get_by_role("searchbox", name="Search by name").fill("nothing")
    expect(page.get_by_text("No file has this name.")).to_be_visible()


def test_larger_view_shows_the_whole_image(page: Page, visitor: User, api: httpx.Client) -> None:
    put(api, "first", png(900, 600))
    put(api, "second", png(800, 700))
    sign_in(page, visitor)

    viewer = open_viewer(page, "second")
    expect(viewer.locator("img")).to_have_js_property("naturalWidth", 800)
    page.keyboard.press("ArrowRight")

    viewer = page.get_by_role("dialog", name="first")
    expect(viewer.locator("img")).to_have_js_property("naturalWidth", 900)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Open first")).to_be_focused()


def test_phone_shows_two_columns_and_offers_the_camera(open_page: OpenPage, visitor: User) -> None:
    page = open_page(viewport={"width": 390, "height": 844})
    list_media(page, [("one", 1), ("two", 2), ("three", 3)])
    sign_in(page, visitor)

    expect(page.get_by_text("Drop or paste files here")).to_be_hidden()
    expect(page.get_by_label("Take a photo")).to_have_attribute("capture", "environment")
    tops = [card.bounding_box()["y"] for card in page.get_by_role("heading", level=3).all()]  # type: ignore[index]
    assert tops[0] == tops[1] < tops[2]


def test_download_saves_the_file_and_is_counted(page: Page, visitor: User, api: httpx.Client) -> None:
    picture = png(64, 48)
    put(api, "gate", picture)
    sign_in(page, visitor)
    card = gallery_card(page, "gate")

    with page.expect_download() as saved:
        card.get_by_role("button", name="Download").click()

    assert saved.value.suggested_filename == "gate.png"
    assert Path(saved.value.path()).read_bytes() == picture
    expect(card).to_contain_text("· 1 download")
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


def test_download_of_what_is_gone_says_so(page: Page, visitor: User, api: httpx.Client) -> None:
    identifier = put(api, "gone")
    sign_in(page, visitor)
    api.delete(f"media/{identifier}")

    gallery_card(page, "gone").get_by_role("button", name="Download").click()

    expect(page.get_by_text("The caller has no media with this id.")).to_be_visible()


def test_upload_that_was_given_up_is_not_asked_after_for_long(page: Page, visitor: User, api: httpx.Client) -> None:
    facts = {"name": "film", "caption": "", "filename": "film.mp4", "content_type": "video/mp4", "size": 9}
    identifier = api.post("media/uploads", json=facts).json()["id"]
    page.clock.install(time=datetime.now(UTC) + timedelta(seconds=290))
    page.reload()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith(identifier) else None)
    sign_in(page, visitor)
    expect(gallery_card(page, "film").locator(".badge")).to_have_text("Pending")

    page.clock.fast_forward(60_000)

    expect(gallery_card(page, "film").locator(".badge")).to_have_text("Not completed")
    asked.clear()
    page.clock.run_for(120_000)
    assert asked == []


def test_delete_asks_first(page: Page, visitor: User, api: httpx.Client) -> None:
    put(api, "unwanted")
    sign_in(page, visitor)
    gallery_card(page, "unwanted").get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("dialog", name="Delete unwanted?")
    dialog.get_by_role("button", name="Keep it").click()
    expect(gallery_card(page, "unwanted").get_by_role("button", name="Delete")).to_be_focused()
    assert len(api.get("media").json()["items"]) == 1

    gallery_card(page, "unwanted").get_by_role("button", name="Delete").click()
    dialog.get_by_role("button", name="Delete", exact=True).click()

    expect(page.get_by_text("Nothing here yet.")).to_be_visible()
    expect(page.get_by_role("heading", name="Your files")).to_be_focused()
    expect(page.get_by_text("unwanted is deleted.")).to_be_visible()
    assert api.get("media").json()["items"] == []


def test_file_that_cannot_be_deleted_comes_back(page: Page, visitor: User, api: httpx.Client) -> None:
    put(api, "kept")
    page.route("**/v1/media/*", lambda route: route.fulfill(status=503))
    sign_in(page, visitor)

    gallery_card(page, "kept").get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()

    expect(page.get_by_text("The server answered 503.")).to_be_visible()
    expect(gallery_card(page, "kept")).to_be_visible()
