"""The page of functions/media/page.html, without a browser."""

import re

from dev.paths import FUNCTIONS
from tests.lint.rules import check

SOURCE = (FUNCTIONS / "media" / "page.html").read_text()
MARKUP = re.sub(r"<(script|style)>.*?</\1>", "", SOURCE, flags=re.DOTALL)


def test_page_is_short() -> None:
    """It has no build, so people read it as it is."""
    assert SOURCE.count("\n") <= 1400


def test_page_loads_nothing() -> None:
    assert re.findall(r"https?:|//\w|@import|url\(|<link|<img[^>]+src|<iframe|<object|<base", MARKUP) == []
    assert re.findall(r"https?://|@import|url\(", SOURCE) == []


def test_markup_holds_no_script_or_style_of_its_own() -> None:
    """The policy would stop them in the browser; here they are found before."""
    assert re.findall(r"<[^>]+\s(?:on\w+|style)\s*=", MARKUP) == []
    assert "javascript:" not in SOURCE


def test_data_never_becomes_markup() -> None:
    sinks = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(")

    check((sink for sink in sinks if sink in SOURCE), "Build elements, and set textContent")


def test_every_control_has_a_label() -> None:
    """Axe finds out in the browser; this says so in milliseconds."""
    identifiers = re.findall(r'<(?:input|textarea)[^>]* id="([\w-]+)"', MARKUP)
    labelled = re.findall(r"<label[^>]*>(?:(?!</label>).)*?id=\"([\w-]+)\"", MARKUP, re.DOTALL)
    labelled += re.findall(r'<label[^>]* for="([\w-]+)"', MARKUP)
    labelled += re.findall(r'<input[^>]* id="([\w-]+)"[^>]* aria-label="', MARKUP)

    assert set(identifiers) == set(labelled)


def test_ids_that_the_script_names_exist() -> None:
    named = set(re.findall(r'(?:\$|show|say)\("([\w-]+)"', SOURCE))

    assert named <= set(re.findall(r' id="([\w-]+)"', MARKUP))
