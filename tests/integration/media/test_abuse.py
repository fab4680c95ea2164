"""Uploads that were made to do harm: each is refused, and nothing of it stays."""

from typing import Any

import pytest

from tests.integration.media.conftest import LeftOf
from tests.integration.media.user import MediaUser
from tests.integration.test_products import assert_problem
from tests.media_files import BAD, HTML, PDF, TEXT
from tests.multipart_forms import Part, multipart
from tests.waiting import wait_until

NAME: Part = ("name", "Name")
CAPTION: Part = ("caption", "")
FILE: Part = ("file", "paper.pdf", "application/pdf", PDF)
GOOD, TYPE = multipart([NAME, CAPTION, FILE])
INNER, INNER_TYPE = multipart([FILE], "inner")


def with_file(filename: str, content_type: str = "application/pdf", data: bytes = PDF) -> bytes:
    return multipart([NAME, CAPTION, ("file", filename, content_type, data)])[0]


FORMS: dict[str, tuple[int, bytes]] = {
    "0 bytes": (422, with_file("a.txt", "text/plain", b"")),
    "one byte over": (413, with_file("a.txt", "text/plain", b"x" * (4 * 1024 * 1024 + 1))),
    "path in the filename": (400, with_file("../../etc/passwd")),
    "Windows path in the filename": (400, with_file("..\\\\..\\\\win.ini")),
    "NUL in the filename": (400, with_file("a\x00.pdf")),
    "escape sequence in the filename": (400, with_file("a\x1b[2J.pdf")),
    "filename turned round": (400, with_file("photo_\u202egpj.exe")),
    "endless filename": (400, with_file("x" * 300)),
    "no filename": (400, with_file("")),
    "script as the declared type": (422, with_file("a.pdf", "text/html", HTML)),
    "name of two lines": (400, multipart([("name", "a\nb"), CAPTION, FILE])[0]),
    "endless name": (400, multipart([("name", "x" * 101), CAPTION, FILE])[0]),
    "endless caption": (400, multipart([NAME, ("caption", "x" * 501), FILE])[0]),
    "control character in the caption": (400, multipart([NAME, ("caption", "a\x07b"), FILE])[0]),
    "text that is no UTF-8": (400, GOOD.replace(b"Name", b"\xff\xfe")),
    "no body": (400, b""),
    "no parts": (400, multipart([])[0]),
    "no name": (400, multipart([CAPTION, FILE])[0]),
    "no caption": (400, multipart([NAME, FILE])[0]),
    "no file": (400, multipart([NAME, CAPTION])[0]),
    "two names": (400, multipart([NAME, NAME, FILE])[0]),
    "two files": (400, multipart([NAME, FILE, FILE])[0]),
    "a field of ours": (400, multipart([NAME, CAPTION, FILE, ("owner", "victim")])[0]),
    "200 fields": (400, multipart([NAME, CAPTION, FILE, *[(f"f{n}", "x") for n in range(200)]])[0]),
    "form in a form": (422, with_file("a.pdf", INNER_TYPE, INNER)),
    "cut off": (400, GOOD[:-60]),
    "no end": (400, GOOD[:-4]),
    "another boundary": (400, GOOD.replace(b"boundary", b"Boundary")),
    "line feeds only": (400, GOOD.replace(b"\r\n", b"\n")),
    "endless header": (400, with_file("a.pdf", "x" * 10_000)),
}
"""Status and body of forms that the function refuses."""


@pytest.mark.parametrize(("expected", "body"), FORMS.values(), ids=FORMS)
def test_bad_form_is_refused(ann: MediaUser, left_of: LeftOf, expected: int, body: bytes) -> None:
    before = left_of(ann.id)

    answer = ann.api.post("media", content=body, headers={"Content-Type": TYPE})

    assert answer.status_code == expected
    assert_problem(answer)
    assert left_of(ann.id) == before


@pytest.mark.parametrize(("content_type", "data"), BAD.values(), ids=BAD)
def test_bad_file_is_refused_by_the_function(ann: MediaUser, left_of: LeftOf, content_type: str, data: bytes) -> None:
    before = left_of(ann.id)

    answer = ann.upload(data, content_type)

    assert (answer.status_code, answer.json()["code"]) == (422, "FileRejected")
    assert_problem(answer)
    assert left_of(ann.id) == before


@pytest.mark.parametrize(("content_type", "data"), BAD.values(), ids=BAD)
def test_bad_file_is_rejected_once_s3_has_it(ann: MediaUser, left_of: LeftOf, content_type: str, data: bytes) -> None:
    media = ann.upload_by_form(data, content_type)

    assert (media["status"], media["download_url"], media["thumbnail_url"]) == ("rejected", None, None)
    assert media["reason"]
    wait_until(lambda: left_of(media["id"]) == {"items": [media["id"]]})


@pytest.mark.parametrize("content_type", ["", "application/json", "multipart/mixed; boundary=x", "text/plain"])
def test_what_is_no_form_is_refused(ann: MediaUser, left_of: LeftOf, content_type: str) -> None:
    before = left_of(ann.id)

    answer = ann.api.post("media", content=TEXT, headers={"Content-Type": content_type})

    assert (answer.status_code, answer.json()["code"]) == (415, "UnsupportedMediaType")
    assert left_of(ann.id) == before


EXPECTATIONS = {
    "0 bytes": (400, {"size": 0}),
    "over 100 MiB": (400, {"size": 104_857_601}),
    "image over 20 MiB": (413, {"size": 20_971_521, "content_type": "image/png"}),
    "SVG": (400, {"content_type": "image/svg+xml"}),
    "HTML": (400, {"content_type": "text/html"}),
    "path in the filename": (400, {"filename": "../../etc/passwd"}),
    "NUL in the filename": (400, {"filename": "a\x00"}),
    "name turned round": (400, {"name": "photo_\u202egpj.exe"}),
    "key of one's own": (400, {"object_key": "uploads/victim/x"}),
    "owner of one's own": (400, {"owner": "victim"}),
    "no checksum": (400, {"sha256": "x"}),
}


@pytest.mark.parametrize(("expected", "facts"), EXPECTATIONS.values(), ids=EXPECTATIONS)
def test_form_for_a_bad_file_is_refused(ann: MediaUser, left_of: LeftOf, expected: int, facts: dict[str, Any]) -> None:
    before = left_of(ann.id)

    answer = ann.expect(**({"size": 1} | facts))

    assert answer.status_code == expected
    assert_problem(answer)
    assert left_of(ann.id) == before


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "'; DROP TABLE media;--"]
)
def test_script_in_a_name_is_only_text(ann: MediaUser, text: str) -> None:
    """What a page makes of it is the page's to show."""
    answer = ann.upload(TEXT, "text/plain", name=text, caption=text)

    assert (answer.json()["name"], answer.json()["caption"]) == (text, text)
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_nobody_uploads_without_signing_in(ann: MediaUser, left_of: LeftOf) -> None:
    before = left_of(ann.id)
    files = {"file": ("paper.pdf", PDF, "application/pdf")}

    answer = ann.s3.post(ann.api.base_url.join("media"), data={"name": "x", "caption": ""}, files=files)

    assert answer.status_code == 401
    assert left_of(ann.id) == before
