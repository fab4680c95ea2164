"""The page: no name, caption or filename ever becomes markup or script. `open_page` fails where any ran."""

import httpx
from playwright.sync_api import Browser, Page, expect

from dev.application.media.browser import choose, sign_in
from dev.application.people import User
from dev.application.stack import Status
from tests.e2e.media.browser import details, gallery_card, png, upload

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
    for text in HOSTILE.values():
        filename = f"{text.replace('/', '').replace(chr(92), '')[:200]}.png"

        shown = details(upload(page, filename, png(), name=text, caption=text))

        assert (shown["Name"], shown["Caption"], shown["File"]) == (text, text, filename)
        page.get_by_role("button", name="Close").click()
    page.reload()
    for text in HOSTILE.values():
        expect(gallery_card(page, text)).to_be_visible()
        open_everything(page, text)
    assert injectable(page) == elements
    assert page.locator("html[data-ran]").count() == 0


def open_everything(page: Page, name: str) -> None:
    """Bring up every part of the page that shows a name."""
    card = gallery_card(page, name)
    card.get_by_text("Details").click()
    card.get_by_role("button", name="Share").click()
    expect(page.get_by_role("heading", name=f"Share {name}", exact=True)).to_be_visible()
    page.get_by_role("button", name="Copy a new link").click()
    expect(page.get_by_role("textbox", name="Link")).to_be_visible()
    page.keyboard.press("Escape")
    with page.expect_download():
        card.get_by_role("button", name="Download").click()
    card.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name=f"Delete {name}?", exact=True)).to_be_visible()
    page.keyboard.press("Escape")


def injectable(page: Page) -> dict[str, int]:
    """Return how many elements there are of the kinds that hostile text would add."""
    kinds = ("script", "style", "base", "iframe", "object", "svg", "[autofocus]", "[onfocus]", "[onerror]", "[onload]")
    return {kind: page.locator(kind).count() for kind in kinds}


def test_unprintable_name_is_refused_by_the_api(page: Page, visitor: User, api: httpx.Client) -> None:
    sign_in(page, visitor)
    choose(page, "a.png", png())
    page.get_by_role("textbox", name="Name").fill("photo\u202egnp.exe")

    page.get_by_role("button", name="Upload").click()

    expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("printable characters only")
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
