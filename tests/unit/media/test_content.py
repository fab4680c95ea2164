"""Detection of types, checks of images, and thumbnails."""

import contextlib
import hashlib
import io

import pytest
from PIL import Image

from media import content
from media.content import inspect
from media.errors import FileRejectedError
from tests.media_files import BAD, GOOD, HTML, MP4, ORIENTATION, PDF, TEXT, image_file, photo, png_bomb

ALL_TYPES = "image/png, image/jpeg, image/gif, image/webp, application/pdf, video/mp4, text/plain"


def inspected(data: bytes, declared: str = "") -> content.Content:
    return inspect(declared, data, len(data))


def thumbnail(data: bytes) -> Image.Image:
    made = inspected(data).thumbnail
    assert made is not None
    return Image.open(io.BytesIO(made))


def test_declared_type_of_a_good_file_is_accepted(subtests: pytest.Subtests) -> None:
    for name, (declared, data) in GOOD.items():
        with subtests.test(name):
            assert inspected(data, declared).content_type == declared


def test_bad_file_is_rejected(subtests: pytest.Subtests) -> None:
    for name, (declared, data) in BAD.items():
        with subtests.test(name), pytest.raises(FileRejectedError):
            inspected(data, declared)


@pytest.mark.parametrize(
    ("declared", "data", "reason"),
    [
        ("text/plain", b"", "The file is empty."),
        ("image/gif", image_file("PNG"), "The file is image/png, but it was declared as another type."),
        ("image/png", image_file("PNG")[:-20], "The image is damaged."),
        ("image/png", png_bomb(8000, 5001), "The image has more than 40 million pixels."),
        ("application/pdf", b"PK\x03\x04" + bytes(60), f"The file type is not supported. Send one of: {ALL_TYPES}."),
    ],
)
def test_rejection_names_the_reason(declared: str, data: bytes, reason: str) -> None:
    with pytest.raises(FileRejectedError) as rejection:
        inspected(data, declared)

    assert rejection.value.detail == reason


@pytest.mark.parametrize("size", [(8000, 5000), (40_000_000, 1)])
def test_image_of_40_million_pixels_is_accepted(size: tuple[int, int]) -> None:
    found = inspected(png_bomb(*size))

    assert (found.width, found.height) == size


def test_image_has_width_and_height() -> None:
    found = inspected(image_file("PNG", (40, 20)))

    assert (found.width, found.height) == (40, 20)


@pytest.mark.parametrize("data", [PDF, MP4, TEXT], ids=["PDF", "MP4", "text"])
def test_other_files_have_no_width_height_or_thumbnail(data: bytes) -> None:
    found = inspected(data)

    assert (found.width, found.height, found.thumbnail) == (None, None, None)


def test_checksum_is_of_the_whole_file() -> None:
    assert inspected(TEXT).sha256 == hashlib.sha256(TEXT).hexdigest()


def test_partly_read_file_has_no_checksum() -> None:
    assert inspect("application/pdf", PDF, len(PDF) + 1).sha256 is None


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_shared_copy_of_a_photo_keeps_its_orientation_only(kind: str) -> None:
    shared = inspected(photo(kind)).shared

    assert shared is not None
    assert dict(Image.open(io.BytesIO(shared)).getexif()) == {ORIENTATION: 6}


@pytest.mark.parametrize("orientation", [0, 9])
def test_shared_copy_has_no_invalid_orientation(orientation: int) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation

    assert inspected(image_file("JPEG", exif=exif)).shared == image_file("JPEG")


@pytest.mark.parametrize("data", [PDF, MP4, TEXT, image_file("JPEG"), image_file("GIF")])
def test_file_without_removable_metadata_has_no_copy(data: bytes) -> None:
    assert inspected(data).shared is None


def test_thumbnail_fits_320_pixels_and_keeps_its_aspect_ratio() -> None:
    small = thumbnail(image_file("JPEG", (1600, 800)))

    assert (small.format, small.size) == ("WEBP", (320, 160))


def test_thumbnail_of_a_small_image_is_not_enlarged() -> None:
    assert thumbnail(image_file("PNG", (40, 20))).size == (40, 20)


def test_thumbnail_is_upright() -> None:
    """The camera was rotated, so the left edge of the stored image is the top."""
    upright = thumbnail(photo()).convert("RGB")

    assert upright.size == (20, 40)
    assert upright.getpixel((10, 5)) == pytest.approx((255, 0, 0), abs=20)
    assert upright.getpixel((10, 35)) == pytest.approx((0, 0, 255), abs=20)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_thumbnail_has_no_metadata(kind: str) -> None:
    data = photo(kind)
    made = inspected(data).thumbnail

    assert b"canary-camera" in data
    assert made is not None
    assert b"canary" not in made
    small = Image.open(io.BytesIO(made))
    assert (dict(small.getexif()), small.info.get("icc_profile"), small.info.get("xmp")) == ({}, None, None)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_image_with_broken_exif_is_accepted(kind: str) -> None:
    assert thumbnail(image_file(kind, exif=b"Exif\x00\x00garbage")).size == (40, 20)


COLOR_MODES = [("PNG", "1"), ("PNG", "L"), ("PNG", "P"), ("PNG", "LA"), ("PNG", "RGBA"), ("GIF", "P"), ("JPEG", "CMYK")]


def test_every_color_mode_is_accepted(subtests: pytest.Subtests) -> None:
    for kind, mode in COLOR_MODES:
        with subtests.test(kind=kind, mode=mode):
            assert thumbnail(image_file(kind, mode=mode)).size == (40, 20)


def test_transparency_is_kept() -> None:
    clear = Image.new("RGBA", (40, 20), (0, 0, 0, 0))
    file = io.BytesIO()
    clear.save(file, "PNG")

    assert thumbnail(file.getvalue()).getpixel((0, 0)) == (0, 0, 0, 0)


def test_sixteen_bit_grey_is_scaled_to_eight_bits() -> None:
    """Half of 65535 is grey, not white."""
    file = io.BytesIO()
    Image.new("I;16", (40, 20), 0x8000).save(file, "PNG")

    assert thumbnail(file.getvalue()).convert("L").getpixel((0, 0)) == pytest.approx(0x80, abs=3)


def test_thumbnail_of_an_animation_is_its_first_frame() -> None:
    file = io.BytesIO()
    first, second = Image.new("RGB", (40, 20), "red"), Image.new("RGB", (40, 20), "blue")
    first.save(file, "GIF", save_all=True, append_images=[second])

    assert thumbnail(file.getvalue()).convert("RGB").getpixel((0, 0)) == pytest.approx((255, 0, 0), abs=5)


@pytest.mark.parametrize("declared", ["", "application/octet-stream"])
def test_undeclared_type_is_detected(declared: str) -> None:
    assert inspected(PDF, declared).content_type == "application/pdf"


@pytest.mark.parametrize(
    ("declared", "data", "found"),
    [
        ("image/jpg", image_file("JPEG"), "image/jpeg"),
        ("image/pjpeg", image_file("JPEG"), "image/jpeg"),
        ("application/x-pdf", PDF, "application/pdf"),
    ],
)
def test_alias_of_a_type_is_accepted(declared: str, data: bytes, found: str) -> None:
    assert inspected(data, declared).content_type == found


def test_alias_of_another_type_is_rejected() -> None:
    with pytest.raises(FileRejectedError):
        inspected(image_file("PNG"), "image/jpg")


def test_text_with_harmless_control_characters_is_accepted(subtests: pytest.Subtests) -> None:
    for text in ["", "\ufeff", "a\tb\r\nc\x0c\x1b[0m", "a < b", "x <script>"]:
        with subtests.test(text=text):
            assert inspected(b"x" + text.encode()).content_type == "text/plain"


def test_piece_of_a_text_may_end_inside_a_character() -> None:
    smile = "😀".encode()

    assert inspect("text/plain", smile[:3], 4, [smile[3:]]).content_type == "text/plain"


@pytest.mark.parametrize("end", [b"\x00", b"\xff", "😀".encode()[:3]])
def test_text_is_checked_to_its_end(end: bytes) -> None:
    with pytest.raises(FileRejectedError):
        inspect("text/plain", b"text", 100, [b"text", end])


def test_markup_after_a_piece_of_white_space_is_rejected() -> None:
    with pytest.raises(FileRejectedError):
        inspect("text/plain", b"\xef\xbb\xbf \n", 100, [b" \n", HTML])


def test_pdf_may_begin_with_a_byte_order_mark() -> None:
    assert inspected(b"\xef\xbb\xbf" + PDF).content_type == "application/pdf"


def test_truncated_file_raises_no_other_error(subtests: pytest.Subtests) -> None:
    for kind in GOOD:
        with subtests.test(kind=kind):
            for length in range(0, 60, 3):
                with contextlib.suppress(FileRejectedError):
                    inspected(GOOD[kind][1][:length])
