"""The page: a file is chosen by keyboard, or dropped."""

from playwright.sync_api import FilePayload, Page, expect

from dev.application.media.browser import sign_in
from dev.application.people import User
from tests.e2e.media.browser import details, png


def test_everything_by_keyboard(page: Page, visitor: User) -> None:
    file: FilePayload = {"name": "gate.png", "mimeType": "image/png", "buffer": png()}
    page.once("filechooser", lambda chooser: chooser.set_files(file))  # before it is needed: Chromium may be busy

    page.keyboard.type(visitor.email)
    page.keyboard.press("Tab")
    page.keyboard.type(visitor.password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Upload a file")).to_be_focused()
    expect(page.get_by_text("Loading …")).to_be_hidden()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Choose a file")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Name")).to_have_value("gate")

    page.keyboard.press("Tab")
    page.keyboard.press("End")
    page.keyboard.type(" by keyboard")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Uploaded")).to_be_focused()
    card = page.get_by_role("region", name="Uploaded")
    assert details(card)["Name"] == "gate by keyboard"


def test_dropped_file_is_chosen_with_its_preview(page: Page, visitor: User) -> None:
    sign_in(page, visitor)

    page.evaluate_handle(
        """bytes => {
            const files = new DataTransfer();
            files.items.add(new File([new Uint8Array(bytes)], "dropped.png", { type: "image/png" }));
            document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true }));
        }""",
        list(png()),
    )

    expect(page.get_by_text("dropped.png")).to_be_visible()
    expect(page.get_by_role("textbox", name="Name")).to_have_value("dropped")
    expect(page.get_by_alt_text("Preview of the chosen file")).to_have_js_property("naturalWidth", 64)
