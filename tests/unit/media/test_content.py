"""What a file really is."""

import contextlib
import hashlib
import io

import pytest
from PIL import Image

from media import content
from media.content import HEAD_BYTES, inspect
from media.errors import FileRejectedError
from tests.media_files import BAD, GOOD, MP4, PDF, TEXT, image_file, photo, png_bomb

ALL_TYPES = "image/png, image/jpeg, image/gif, image/webp, application/pdf, video/mp4, text/plain"


def inspected(data: bytes, declared: str = "") -> content.Content:
    return inspect(declared, data, len(data))


def thumbnail(data: bytes) -> Image.Image:
    made = inspected(data).thumbnail
    assert made is not None
    return Image.open(io.BytesIO(made))


@pytest.mark.parametrize(("declared", "data"), GOOD.values(), ids=GOOD)
def test_good_file_is_what_it_says(declared: str, data: bytes) -> None:
    assert inspected(data, declared).content_type == declared


@pytest.mark.parametrize(("declared", "data"), BAD.values(), ids=BAD)
def test_bad_file_is_refused(declared: str, data: bytes) -> None:
    with pytest.raises(FileRejectedError):
        inspected(data, declared)


@pytest.mark.parametrize(
    ("declared", "data", "reason"),
    [
        ("text/plain", b"", "The file is empty."),
        ("image/gif", image_file("PNG"), "The file is image/png, but it was declared as another type."),
        ("image/png", image_file("PNG")[:-20], "The image is damaged."),
        ("image/png", png_bomb(20_000, 20_000), "The image has more than 40 million pixels."),
        ("application/pdf", b"PK\x03\x04" + bytes(60), f"The file type is not supported. Send one of: {ALL_TYPES}."),
    ],
)
def test_refusal_says_why(declared: str, data: bytes, reason: str) -> None:
    with pytest.raises(FileRejectedError) as refusal:
        inspected(data, declared)

    assert refusal.value.detail == reason


@pytest.mark.parametrize("size", [(8000, 5000), (40_000_000, 1)])
def test_image_of_as_many_pixels_as_are_allowed_is_taken(size: tuple[int, int]) -> None:
    found = inspected(png_bomb(*size))

    assert (found.width, found.height) == size


def test_size_of_an_image_is_found() -> None:
    found = inspected(image_file("PNG", (40, 20)))

    assert (found.width, found.height) == (40, 20)


@pytest.mark.parametrize("data", [PDF, MP4, TEXT], ids=["PDF", "MP4", "text"])
def test_what_is_no_image_has_neither_size_nor_thumbnail(data: bytes) -> None:
    found = inspected(data)

    assert (found.width, found.height, found.thumbnail) == (None, None, None)


def test_checksum_is_of_the_whole_file() -> None:
    assert inspected(TEXT).sha256 == hashlib.sha256(TEXT).hexdigest()


def test_part_of_a_file_has_no_checksum() -> None:
    assert inspect("application/pdf", PDF, len(PDF) + 1).sha256 is None


def test_thumbnail_is_small_and_keeps_its_proportions() -> None:
    small = thumbnail(image_file("JPEG", (1600, 800)))

    assert (small.format, small.size) == ("WEBP", (320, 160))


def test_thumbnail_of_a_small_image_is_as_small() -> None:
    assert thumbnail(image_file("PNG", (40, 20))).size == (40, 20)


def test_thumbnail_is_upright() -> None:
    """The camera lay on its left side: what it wrote as left is on top."""
    upright = thumbnail(photo()).convert("RGB")

    assert upright.size == (20, 40)
    assert upright.getpixel((10, 5)) == pytest.approx((255, 0, 0), abs=20)
    assert upright.getpixel((10, 35)) == pytest.approx((0, 0, 255), abs=20)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_thumbnail_tells_nothing_of_camera_place_or_owner(kind: str) -> None:
    data = photo(kind)
    made = inspected(data).thumbnail

    assert b"canary-camera" in data
    assert made is not None
    assert b"canary" not in made
    small = Image.open(io.BytesIO(made))
    assert (dict(small.getexif()), small.info.get("icc_profile"), small.info.get("xmp")) == ({}, None, None)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_image_whose_exif_is_broken_is_an_image(kind: str) -> None:
    assert thumbnail(image_file(kind, exif=b"Exif\x00\x00garbage")).size == (40, 20)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("PNG", "1"), ("PNG", "L"), ("PNG", "P"), ("PNG", "LA"), ("PNG", "RGBA"), ("GIF", "P"), ("JPEG", "CMYK")],
)
def test_every_way_to_write_colours_is_read(kind: str, mode: str) -> None:
    assert thumbnail(image_file(kind, mode=mode)).size == (40, 20)


def test_transparency_is_kept() -> None:
    clear = Image.new("RGBA", (40, 20), (0, 0, 0, 0))
    file = io.BytesIO()
    clear.save(file, "PNG")

    assert thumbnail(file.getvalue()).getpixel((0, 0)) == (0, 0, 0, 0)


def test_sixteen_bits_of_grey_become_eight() -> None:
    """Half of 65535 is grey, not white."""
    file = io.BytesIO()
    Image.new("I;16", (40, 20), 0x8000).save(file, "PNG")

    assert thumbnail(file.getvalue()).convert("L").getpixel((0, 0)) == pytest.approx(0x80, abs=3)


def test_first_picture_of_an_animation_is_its_thumbnail() -> None:
    file = io.BytesIO()
    first, second = Image.new("RGB", (40, 20), "red"), Image.new("RGB", (40, 20), "blue")
    first.save(file, "GIF", save_all=True, append_images=[second])

    assert thumbnail(file.getvalue()).convert("RGB").getpixel((0, 0)) == pytest.approx((255, 0, 0), abs=5)


@pytest.mark.parametrize("declared", ["", "application/octet-stream"])
def test_type_that_the_sender_does_not_know_is_found(declared: str) -> None:
    assert inspected(PDF, declared).content_type == "application/pdf"


@pytest.mark.parametrize(
    ("declared", "data", "found"),
    [
        ("image/jpg", image_file("JPEG"), "image/jpeg"),
        ("image/pjpeg", image_file("JPEG"), "image/jpeg"),
        ("application/x-pdf", PDF, "application/pdf"),
    ],
)
def test_type_by_another_name_is_the_type(declared: str, data: bytes, found: str) -> None:
    assert inspected(data, declared).content_type == found


def test_other_name_of_a_type_is_no_other_type() -> None:
    with pytest.raises(FileRejectedError):
        inspected(image_file("PNG"), "image/jpg")


@pytest.mark.parametrize("text", ["", "\ufeff", "a\tb\r\nc\x0c\x1b[0m", "a < b", "x <script>"])
def test_text_is_text(text: str) -> None:
    assert inspected(b"x" + text.encode()).content_type == "text/plain"


def test_head_of_a_text_may_end_inside_a_character() -> None:
    head = ("x" * (HEAD_BYTES - 2) + "😀").encode()[:HEAD_BYTES]

    assert inspect("text/plain", head, HEAD_BYTES + 2).content_type == "text/plain"


def test_pdf_may_begin_with_a_byte_order_mark() -> None:
    assert inspected(b"\xef\xbb\xbf" + PDF).content_type == "application/pdf"


@pytest.mark.parametrize("kind", GOOD)
def test_file_that_was_cut_off_never_fails_otherwise(kind: str) -> None:
    for length in range(0, 60, 3):
        with contextlib.suppress(FileRejectedError):
            inspected(GOOD[kind][1][:length])
