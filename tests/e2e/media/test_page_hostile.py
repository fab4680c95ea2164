"""The page: no name, caption or filename ever becomes markup or script. `open_page` fails where any ran."""

import httpx
from playwright.sync_api import Browser, Page, expect

from dev.application.media.browser import choose, sign_in
from dev.application.people import User
from dev.application.stack import Status
from tests.e2e.media.browser import (
    describe,
    details,
    gallery_card,
    job,
    job_state,
    open_share,
    open_viewer,
    png,
    queue_status,
    start,
)

RUNS = "document.documentElement.dataset.ran = 'yes'"
HOSTILE = {
    "script": f"</script><script>{RUNS}</script>",
    "image": f'<img src=x onerror="{RUNS}">',
    "svg": f"<svg onload={RUNS}>",
    "end of attribute": f'"><button autofocus onfocus="{RUNS}">x</button>',
    "single quotes": f"' onmouseover='{RUNS}",
    "address": f"javascript:{RUNS}",
    "template": "${document.title} {{constructor.constructor('alert(1)')()}}",
    "comment": "<!-- --!><base href=//example.com>",
    "entity": "&lt;script&gt; &quot; &#x27;",
    "backslashes": "\\u003cscript\\u003e \\' \\\"",
    "right to left": "صورة البوابة",
    "combining": "Z̸̢̛͓̺a̷l̶g̵o̴",
}


def test_text_is_never_markup(page: Page, visitor: User) -> None:
    sign_in(page, visitor)
    elements = injectable(page)
    texts = list(HOSTILE.values())
    filenames = [f"{text.replace('/', '').replace(chr(92), '')[:200]}.png" for text in texts]
    choose(page, dict.fromkeys(filenames, png()))
    rows = page.get_by_role("list", name="Queue").get_by_role("listitem").all()
    for row, text in zip(rows, texts, strict=True):
        describe(row, text, caption=text)
    start(page)
    expect(queue_status(page)).to_have_text(f"{len(texts)} uploaded")
    for row, text, filename in zip(rows, texts, filenames, strict=True):
        assert (row.locator("strong").inner_text(), details(row)["File"]) == (text, filename)
    page.reload()
    for text, filename in zip(texts, filenames, strict=True):
        expect(gallery_card(page, text)).to_be_visible()
        open_everything(page, text, filename)
    assert injectable(page) == elements
    assert page.locator("html[data-ran]").count() == 0


def open_everything(page: Page, name: str, filename: str) -> None:
    """Bring up every part of the page that shows a name, a caption or a filename."""
    viewer = open_viewer(page, name)
    expect(viewer.get_by_role("paragraph").first).to_have_text(name)  # the caption
    assert details(viewer)["File"] == filename
    page.keyboard.press("Escape")
    share = open_share(page, name)
    share.get_by_role("button", name="Copy a new link").click()
    expect(share.get_by_role("textbox", name="Link")).to_be_visible()
    page.keyboard.press("Escape")
    with page.expect_download():
        gallery_card(page, name).get_by_role("button", name="Download").click()
    gallery_card(page, name).get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name=f"Delete {name}?", exact=True)).to_be_visible()
    page.keyboard.press("Escape")


def injectable(page: Page) -> dict[str, int]:
    """Return how many elements there are of the kinds that hostile text would add."""
    kinds = ("script", "style", "base", "iframe", "object", "[autofocus]", "[onfocus]", "[onerror]", "[onload]")
    return {kind: page.locator(kind).count() for kind in kinds}


def test_unprintable_name_is_rejected_by_the_api(page: Page, visitor: User, api: httpx.Client) -> None:
    sign_in(page, visitor)
    choose(page, {"a.png": png()})
    describe(job(page, "a"), "photo\u202egnp.exe")

    start(page)

    expect(job_state(page, "photo")).to_contain_text("printable characters only")
    assert api.get("media").json()["items"] == []


def test_injected_script_does_not_run(chromium: Browser, status: Status) -> None:
    """The content security policy, independent of the page's code."""
    with chromium.new_context() as context:
        page = context.new_page()
        page.goto(status.api_url)

        stopped = page.evaluate(
            """code => {
                const script = document.createElement("script");
                script.append(code);
                document.body.append(script);
                try { document.body.innerHTML = `<img src=x onerror="${code}">`; } catch (error) { return error.name; }
            }""",
            RUNS,
        )

        assert stopped == "TypeError"
        expect(page.locator("html[data-ran]")).to_have_count(0)
