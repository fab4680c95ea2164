"""Uploads that were made to do harm: each is rejected, and nothing of it stays."""

from tests.integration.media.conftest import LeftOf
from tests.integration.media.user import MediaUser
from tests.integration.problems import assert_problem
from tests.media_files import BAD, HTML, PDF, TEXT
from tests.multipart_forms import Part, multipart
from tests.waiting import wait_until

NAME: Part = ("name", "Name")
CAPTION: Part = ("caption", "")
FILE: Part = ("file", "paper.pdf", "application/pdf", PDF)
GOOD, TYPE = multipart([NAME, CAPTION, FILE])
HARMFUL = ["HTML as text", "SVG as PNG", "half a JPEG", "PNG bomb", "GIF bomb", "zip bomb as PDF", "program as MP4"]
"""Files of tests/media_files.py; tests/unit/media/test_content.py has them all."""


def with_file(filename: str, content_type: str = "application/pdf", data: bytes = PDF) -> bytes:
    return multipart([NAME, CAPTION, ("file", filename, content_type, data)])[0]


FORMS: dict[str, tuple[int, bytes]] = {
    "0 bytes": (422, with_file("a.txt", "text/plain", b"")),
    "one byte over": (413, with_file("a.txt", "text/plain", b"x" * (4 * 1024 * 1024 + 1))),
    "path in the filename": (400, with_file("../../etc/passwd")),
    "NUL in the filename": (400, with_file("a\x00.pdf")),
    "script as the declared type": (422, with_file("a.pdf", "text/html", HTML)),
    "text that is no UTF-8": (400, GOOD.replace(b"Name", b"\xff\xfe")),
    "no body": (400, b""),
    "two files": (400, multipart([NAME, FILE, FILE])[0]),
    "cut off": (400, GOOD[:-60]),
    "another boundary": (400, GOOD.replace(b"boundary", b"Boundary")),
}
"""Status and body of forms that the function rejects; tests/unit/media/test_form.py has the rest."""


def test_bad_form_is_rejected(ann: MediaUser, left_of: LeftOf) -> None:
    before = left_of(ann.id)

    answers = {
        name: ann.api.post("media", content=body, headers={"Content-Type": TYPE}) for name, (_, body) in FORMS.items()
    }

    assert {name: answer.status_code for name, answer in answers.items()} == {
        name: status for name, (status, _) in FORMS.items()
    }
    for answer in answers.values():
        assert_problem(answer)
    assert left_of(ann.id) == before


def test_harmful_file_is_rejected_by_the_function(ann: MediaUser, left_of: LeftOf) -> None:
    before = left_of(ann.id)

    for name in HARMFUL:
        content_type, data = BAD[name]
        answer = ann.upload(data, content_type)

        assert (answer.status_code, answer.json()["code"]) == (422, "FileRejected")
        assert_problem(answer)

    assert left_of(ann.id) == before


def test_harmful_file_is_rejected_once_s3_has_it(ann: MediaUser, left_of: LeftOf) -> None:
    ids = [ann.send_by_form(data, content_type) for content_type, data in map(BAD.__getitem__, HARMFUL)]

    for media in map(ann.settled, ids):
        assert (media["status"], media["download_url"], media["thumbnail_url"]) == ("rejected", None, None)
        assert media["reason"]
    wait_until(lambda: [left_of(media_id) for media_id in ids] == [{"items": [media_id]} for media_id in ids])


def test_script_in_a_name_is_only_text(ann: MediaUser) -> None:
    """How a page shows it is tested in tests/e2e."""
    text = '"><script>alert(1)</script>'

    answer = ann.upload(TEXT, "text/plain", name=text, caption=text)

    assert (answer.json()["name"], answer.json()["caption"]) == (text, text)
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
