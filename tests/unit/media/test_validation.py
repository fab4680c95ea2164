"""Rules for requests."""

import pytest

from media import validation
from media.errors import FileTooLargeError, LinkNotFoundError, MediaNotFoundError
from shared.errors import InvalidBodyError

ID = "0123456789abcdef0123456789abcdef"


NAMES = [
    "x",
    " x ",
    "x" * 100,
    "😀" * 100,
    "Grüße",
    "שלום",
    "<script>alert(1)</script>",
    "👩‍👩‍👧",
    "می\u200cخواهم",
    "❤\ufe0f",
]


def test_name_may_have_any_script(subtests: pytest.Subtests) -> None:
    for name in NAMES:
        with subtests.test(name=name):
            validation.check_texts(name, "", "a.txt")


def test_caption_may_have_several_lines(subtests: pytest.Subtests) -> None:
    for caption in ["", " ", "x" * 500, "two\r\nlines\tand a tab", "'; DROP TABLE media; --"]:
        with subtests.test(caption=caption):
            validation.check_texts("x", caption, "a.txt")


def test_filename_may_be_any_name_without_folders(subtests: pytest.Subtests) -> None:
    for filename in ["a", "a.txt", ".profile", "x" * 255, "été 😀.pdf", 'a"b', "a%2Fb", "a..b", "-rf", "CON"]:
        with subtests.test(filename=filename):
            validation.check_texts("x", "", filename)


UNPRINTABLE = ["\x00", "\x08", "\x1b", "\x7f", "\x85", "\x9b", "\u061c", "\u200e", "\u200f", "\u2028", "\u2029"]
UNPRINTABLE += ["\u202a", "\u202e", "\u2066", "\u2069", "\ud800", "\udfff", "\ufffe", "\uffff"]


def test_unprintable_text_is_rejected(subtests: pytest.Subtests) -> None:
    for field in ["name", "caption", "filename"]:
        for character in UNPRINTABLE:
            with subtests.test(field=field, character=character):
                texts = {"name": "x", "caption": "x", "filename": "x", field: f"photo_{character}gpj.exe"}

                with pytest.raises(InvalidBodyError, match="printable"):
                    validation.check_texts(**texts)


INVISIBLE = ["\u200b", "\u3164", "\U000e0041", "\u2800", "\u200d\ufe0f", "\u00ad \u2003"]


def test_invisible_text_is_rejected(subtests: pytest.Subtests) -> None:
    for field in ["name", "filename"]:
        for text in INVISIBLE:
            with subtests.test(field=field, text=text):
                texts = {"name": "x", "caption": "", "filename": "x", field: text}

                with pytest.raises(InvalidBodyError, match="visible"):
                    validation.check_texts(**texts)


def test_name_and_filename_have_one_line(subtests: pytest.Subtests) -> None:
    for field in ["name", "filename"]:
        for character in ["\t", "\r", "\n"]:
            with subtests.test(field=field, character=character):
                texts = {"name": "x", "caption": "x", "filename": "x", field: f"a{character}b"}

                with pytest.raises(InvalidBodyError, match="printable"):
                    validation.check_texts(**texts)


def test_path_as_filename_is_rejected(subtests: pytest.Subtests) -> None:
    for filename in ["../../etc/passwd", "a/b", "/", "a\\b", "..\\win.ini", ".", "..", " . . ", "..."]:
        with subtests.test(filename=filename), pytest.raises(InvalidBodyError, match="without folders"):
            validation.check_texts("x", "", filename)


BAD_LENGTHS = [
    ("", "", "a"),
    (" \t ", "", "a"),
    ("x" * 101, "", "a"),
    ("x" + " " * 100, "", "a"),
    ("x", "x" * 501, "a"),
    ("x", "", ""),
    ("x", "", "x" * 256),
]


def test_length_is_limited(subtests: pytest.Subtests) -> None:
    for name, caption, filename in BAD_LENGTHS:
        lengths = len(name), len(caption), len(filename)
        with subtests.test(lengths=lengths), pytest.raises(InvalidBodyError, match="characters"):
            validation.check_texts(name, caption, filename)


def test_image_of_20_mebibytes_is_accepted() -> None:
    validation.check_size("image/png", 20_971_520)


def test_larger_image_is_rejected() -> None:
    with pytest.raises(FileTooLargeError, match="Images must be 20 MiB or smaller"):
        validation.check_size("image/png", 20_971_521)


def test_other_file_of_100_mebibytes_is_accepted() -> None:
    validation.check_size("video/mp4", 104_857_600)


def test_malformed_id_is_404(subtests: pytest.Subtests) -> None:
    for media_id in ["", "x", ID.upper(), ID + "0", ID[:-1], ID + "\n", "../" + ID[3:], "😀" * 32]:
        with subtests.test(media_id=media_id), pytest.raises(MediaNotFoundError):
            validation.check_id(media_id)


def test_token_begins_with_the_media_id() -> None:
    assert validation.media_id_from_token(ID + "A-_z0" * 8 + "abc") == ID


def test_malformed_token_is_404(subtests: pytest.Subtests) -> None:
    for token in ["", ID, ID + "x" * 42, ID + "x" * 44, ID + "x" * 42 + "/", ID + "x" * 42 + "\n", "x" * 75]:
        with subtests.test(token=token), pytest.raises(LinkNotFoundError):
            validation.media_id_from_token(token)
