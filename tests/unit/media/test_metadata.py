"""Copies without metadata: the location is gone, the picture is the same."""

import io
import struct
from typing import Any

import pytest
from PIL import Image, ImageSequence, PngImagePlugin

from media.metadata import without_metadata
from tests.media_files import GPS_IFD, ORIENTATION, image_file, photo, png, png_header

KINDS = ["JPEG", "PNG", "WEBP"]
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF exif:GPSLatitude="47,22N" secret="canary"/></x:xmpmeta>'


def copy_of(data: bytes, orientation: int = 1) -> bytes:
    with Image.open(io.BytesIO(data)) as picture:
        return without_metadata(f"image/{str(picture.format).lower()}", data, orientation)


def frames(data: bytes) -> list[tuple[str, bytes, Any]]:
    """Return mode, pixels and color profile of each frame."""
    with Image.open(io.BytesIO(data)) as picture:
        return [
            (frame.mode, frame.tobytes(), frame.info.get("icc_profile")) for frame in ImageSequence.Iterator(picture)
        ]


@pytest.mark.parametrize("kind", KINDS)
def test_copy_of_a_photo_has_no_location_and_is_the_same_picture(kind: str) -> None:
    data = photo(kind)

    copy = copy_of(data, orientation=6)

    assert frames(copy) == frames(data)
    with Image.open(io.BytesIO(data)) as original, Image.open(io.BytesIO(copy)) as picture:
        assert original.getexif().get_ifd(GPS_IFD)[1] == "N"
        assert dict(picture.getexif()) == {ORIENTATION: 6}
    assert b"canary-camera" not in copy
    assert b"canary-comment" not in copy


@pytest.mark.parametrize("kind", KINDS)
def test_upright_image_has_no_exif_in_its_copy(kind: str) -> None:
    with Image.open(io.BytesIO(copy_of(photo(kind)))) as picture:
        assert dict(picture.getexif()) == {}


@pytest.mark.parametrize("kind", KINDS)
def test_copy_of_a_copy_is_identical(kind: str) -> None:
    copy = copy_of(photo(kind), orientation=6)

    assert copy_of(copy, orientation=6) == copy


def text_chunks() -> PngImagePlugin.PngInfo:
    chunks = PngImagePlugin.PngInfo()
    chunks.add_itxt("XML:com.adobe.xmp", XMP.decode())
    chunks.add_text("Comment", "canary")
    chunks.add(b"prVt", b"canary")
    return chunks


def animation(kind: str) -> bytes:
    file = io.BytesIO()
    first, second = Image.new("RGB", (40, 20), "red"), Image.new("RGB", (40, 20), "blue")
    first.save(file, kind, save_all=True, append_images=[second], duration=100)
    return file.getvalue()


def with_thumbnail(jpeg: bytes) -> bytes:
    """Return a JPEG whose JFIF segment, the first one, has a thumbnail of 1 x 2 pixels."""
    assert jpeg[2:11] == b"\xff\xe0\x00\x10JFIF\0"
    return jpeg[:4] + b"\x00\x16" + jpeg[6:18] + b"\x01\x02canary" + jpeg[20:]


def with_text_in_a_frame(webp: bytes) -> bytes:
    """Return an animated WebP with one more chunk in its first frame."""
    at, text = webp.index(b"ANMF"), b"XMP \x06\0\0\0canary"
    (frame,) = struct.unpack_from("<I", webp, at + 4)
    riff = struct.pack("<I", len(webp) - 8 + len(text))
    frame_end = at + 8 + frame
    length = struct.pack("<I", frame + len(text))
    return webp[:4] + riff + webp[8 : at + 4] + length + webp[at + 8 : frame_end] + text + webp[frame_end:]


OTHER_METADATA = {
    "XMP in JPEG": image_file("JPEG", xmp=XMP),
    "comment in JPEG": image_file("JPEG", comment=b"canary"),
    "IPTC in JPEG": image_file("JPEG").replace(b"\xff\xdb", b"\xff\xed\x00\x18Photoshop 3.0\0canary??\xff\xdb", 1),
    "image after a JPEG": image_file("JPEG") + photo(),
    "texts and an unknown chunk in PNG": image_file("PNG", pnginfo=text_chunks()),
    "text after a PNG": image_file("PNG") + b"canary",
    "XMP in WebP": image_file("WEBP", xmp=XMP),
    "text after a WebP": image_file("WEBP") + b"canary",
    "thumbnail in JFIF": with_thumbnail(image_file("JPEG")),
}


def test_other_metadata_is_removed(subtests: pytest.Subtests) -> None:
    for name, data in OTHER_METADATA.items():
        with subtests.test(name):
            copy = copy_of(data)

            assert b"canary" in data
            assert b"canary" not in copy
            assert frames(copy) == frames(data)[:1]


def test_frames_of_an_animation_contain_only_images() -> None:
    data = with_text_in_a_frame(animation("WEBP"))

    copy = copy_of(data)

    assert b"canary" not in copy
    assert frames(copy) == frames(data)


WITHOUT_METADATA = {
    "JPEG": image_file("JPEG"),
    "progressive JPEG": image_file("JPEG", (400, 400), progressive=True),
    "JPEG with restart markers": image_file("JPEG", (400, 400), restart_marker_blocks=1),
    "CMYK JPEG": image_file("JPEG", mode="CMYK"),
    "JPEG with a color profile": image_file("JPEG", icc_profile=bytes(100_000)),
    "PNG": image_file("PNG"),
    "PNG with a palette and transparency": image_file("PNG", mode="P", transparency=1),
    "PNG with a resolution": image_file("PNG", dpi=(300, 300)),
    "PNG with a gamma": png(png_header(8, 1), (b"gAMA", struct.pack(">I", 45455)), (b"IDAT", b""), (b"IEND", b"")),
    "animated PNG": animation("PNG"),
    "WebP": image_file("WEBP"),
    "lossless WebP with transparency": image_file("WEBP", mode="RGBA", lossless=True),
    "lossy WebP with transparency": image_file("WEBP", mode="RGBA"),
    "WebP with a color profile": image_file("WEBP", icc_profile=b"profile"),
    "animated WebP": animation("WEBP"),
}


def test_image_without_metadata_is_unchanged(subtests: pytest.Subtests) -> None:
    for name, data in WITHOUT_METADATA.items():
        with subtests.test(name):
            assert copy_of(data) == data
