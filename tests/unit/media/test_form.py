"""The multipart body of POST /media."""

import base64
from dataclasses import replace

import pytest

from media.errors import FileTooLargeError
from media.form import Form, read_form
from shared.api import Request
from shared.errors import InvalidBodyError, UnsupportedMediaTypeError
from tests.media_files import PDF
from tests.multipart_forms import BOUNDARY, Part, multipart
from tests.unit.media.calls import media_event

NAME: Part = ("name", "Name")
CAPTION: Part = ("caption", "Caption")
FILE: Part = ("file", "paper.pdf", "application/pdf", PDF)
GOOD, TYPE = multipart([NAME, CAPTION, FILE])


def request(body: bytes | str, content_type: str = TYPE) -> Request:
    return Request.from_event(media_event(body, headers={"Content-Type": content_type}))


def read(*parts: Part) -> Form:
    return read_form(request(*multipart(list(parts))))


def test_form_is_read() -> None:
    assert read(NAME, CAPTION, FILE) == Form("Name", "Caption", "paper.pdf", "application/pdf", PDF)


def test_order_of_parts_does_not_matter() -> None:
    assert read(FILE, CAPTION, NAME) == Form("Name", "Caption", "paper.pdf", "application/pdf", PDF)


def test_body_that_is_not_base64_encoded_is_read() -> None:
    assert read_form(request(GOOD.decode())).data == PDF


def test_texts_are_decoded_as_utf_8() -> None:
    form = read(("name", "Grüße 😀"), ("caption", "世界\r\nשלום"), ("file", "été.pdf", "application/pdf", PDF))

    assert (form.name, form.caption, form.filename) == ("Grüße 😀", "世界\r\nשלום", "été.pdf")


def test_file_may_have_no_declared_type() -> None:
    body = GOOD.replace(b"\r\nContent-Type: application/pdf", b"")

    assert read_form(request(body)).declared_type == ""


def test_declared_type_is_lower_case_without_parameters() -> None:
    assert read(NAME, CAPTION, ("file", "a", "Text/PLAIN; charset=utf-8", PDF)).declared_type == "text/plain"


def test_file_may_contain_parts_of_the_boundary() -> None:
    data = f"\r\n--{BOUNDARY[:-1]}\r\n--x--\r\n\r\n".encode()

    assert read(NAME, CAPTION, ("file", "a", "", data)).data == data


def test_data_after_the_final_boundary_is_ignored() -> None:
    """RFC 2046, section 5.1.1."""
    assert read_form(request(GOOD + GOOD)).data == PDF


def test_nested_form_is_read_as_bytes() -> None:
    """RFC 7578, section 4.3, forbids it. The inspection of the content decides."""
    inner, inner_type = multipart([FILE], "inner")

    assert read(NAME, CAPTION, ("file", "a", inner_type, inner)).data == inner


OTHER_TYPES = [
    "",
    "application/json",
    "multipart/mixed; boundary=x",
    "multipart/form-data-x",
    "text/plain, multipart/form-data",
]


def test_other_media_types_are_rejected(subtests: pytest.Subtests) -> None:
    for content_type in OTHER_TYPES:
        with subtests.test(content_type=content_type), pytest.raises(UnsupportedMediaTypeError):
            read_form(request(GOOD, content_type))


BAD_BOUNDARIES = [
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=other",
    'multipart/form-data; boundary="a\nb"',
    f"multipart/form-data; boundary={'x' * 2000}",
    "multipart/form-data; boundary=é😀",
    "multipart/form-data; boundary=\ud800",
]


def test_invalid_boundary_is_rejected(subtests: pytest.Subtests) -> None:
    for content_type in BAD_BOUNDARIES:
        with subtests.test(content_type=content_type), pytest.raises(InvalidBodyError):
            read_form(request(GOOD, content_type))


BROKEN = {
    "nothing": b"",
    "no multipart": b"name=Name",
    "no end": GOOD[:-4],
    "only the end": f"--{BOUNDARY}--\r\n".encode(),
    "cut off inside the file": GOOD[:-60],
    "cut off inside the headers": GOOD[:50],
    "something before the start": b"x" + GOOD,
    "line feeds only": GOOD.replace(b"\r\n", b"\n"),
    "no name": GOOD.replace(b'; name="caption"', b""),
    "no disposition": GOOD.replace(b"Content-Disposition", b"X"),
    "another disposition": GOOD.replace(b"form-data; name", b"attachment; name"),
    "header without a colon": GOOD.replace(b"Content-Type: ", b"Content-Type "),
    "header name that is not UTF-8": GOOD.replace(b"Content-Type", b"\xff"),
    "header value that is not UTF-8": GOOD.replace(b"paper.pdf", b"\xff.pdf"),
    "nine headers": GOOD.replace(b"Content-Type", b"X: y\r\n" * 9 + b"Content-Type"),
    "endless header": GOOD.replace(b"paper.pdf", b"x" * 10_000),
    "false length": GOOD.replace(b"Content-Type", b"Content-Length: 5\r\nContent-Type"),
}


def test_malformed_form_is_rejected(subtests: pytest.Subtests) -> None:
    for name, body in BROKEN.items():
        with subtests.test(name), pytest.raises(InvalidBodyError):
            read_form(request(body))


def test_invalid_base64_is_rejected() -> None:
    broken = replace(request(GOOD), body=base64.b64encode(GOOD).decode() + "%")

    with pytest.raises(InvalidBodyError):
        read_form(broken)


def test_lone_surrogate_is_rejected() -> None:
    with pytest.raises(InvalidBodyError):
        read_form(request("\ud800"))


WRONG_PARTS: dict[str, list[Part]] = {
    "no name": [CAPTION, FILE],
    "no caption": [NAME, FILE],
    "no file": [NAME, CAPTION],
    "nothing": [],
    "two names": [NAME, NAME, FILE],
    "two files": [NAME, CAPTION, FILE, FILE],
    "two files, no caption": [NAME, FILE, FILE],
    "another field": [NAME, CAPTION, FILE, ("owner", "victim")],
    "another field for one": [NAME, FILE, ("owner", "victim")],
    "200 fields": [NAME, CAPTION, FILE, *[(f"f{number}", "x") for number in range(200)]],
    "200 times a field": [("name", "x")] * 200,
    "file as text": [NAME, CAPTION, ("file", "text")],
    "name as file": [("name", "n", "text/plain", b"x"), CAPTION, FILE],
    "caption as file": [NAME, ("caption", "n", "text/plain", b"x"), FILE],
    "nameless file": [NAME, CAPTION, ("file", "", "application/pdf", PDF)],
    "caption far too long": [NAME, ("caption", "😀" * 100_000), FILE],
}


def test_wrong_parts_are_rejected(subtests: pytest.Subtests) -> None:
    for name, parts in WRONG_PARTS.items():
        with subtests.test(name), pytest.raises(InvalidBodyError):
            read(*parts)


def test_invalid_utf_8_is_rejected() -> None:
    with pytest.raises(InvalidBodyError):
        read_form(request(GOOD.replace(b"Caption", b"\xff")))


@pytest.mark.parametrize(
    ("sent", "meant"), [("a%22b.pdf", 'a"b.pdf'), ("100%.pdf", "100%.pdf"), ("C:\\docs\\a.pdf", "a.pdf")]
)
def test_filename_is_decoded_as_browsers_encode_it(sent: str, meant: str) -> None:
    """Browsers encode a quote as %22 (HTML standard, form submission). Old ones send the whole path."""
    assert read(NAME, CAPTION, ("file", sent, "application/pdf", PDF)).filename == meant


def test_texts_are_checked() -> None:
    with pytest.raises(InvalidBodyError, match="printable"):
        read(("name", "a\x00"), CAPTION, FILE)


def test_four_mebibytes_are_accepted() -> None:
    assert len(read(NAME, CAPTION, ("file", "a", "", bytes(4 * 1024 * 1024))).data) == 4_194_304


def test_larger_file_is_referred_to_uploads() -> None:
    with pytest.raises(FileTooLargeError, match="POST /media/uploads"):
        read(NAME, CAPTION, ("file", "a", "", bytes(4 * 1024 * 1024 + 1)))
