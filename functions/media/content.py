"""What a file really is: found in its bytes, never in what its sender says.

Needs the media layer. Images are decoded, so that what only begins like one is refused, and shown as a thumbnail
of our own making, which carries nothing over but pixels.
"""

import codecs
import hashlib
import io
import re
import struct
from dataclasses import dataclass

import filetype
from filetype.types import archive, image, video
from PIL import Image, ImageOps

from media.errors import FileRejectedError
from media.rules import EXTENSIONS, IMAGES

HEAD_BYTES = 64 * 1024
"""As much of a file as is read to tell its type. Images are read whole."""
MAX_PIXELS = 40_000_000
"""160 MB once decoded, in a function of 1 GB."""
THUMBNAIL_SIZE = (320, 320)

Image.MAX_IMAGE_PIXELS = None  # MAX_PIXELS is checked before anything is decoded, with an error of its own

_MATCHERS = (image.Png(), image.Jpeg(), image.Gif(), image.Webp(), archive.Pdf(), video.Mp4())
_MARKUP = re.compile(r"[\s\ufeff]*<")
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_ANY_TYPE = {"", "application/octet-stream"}
"""What browsers declare when they do not know."""


@dataclass(frozen=True, slots=True)
class Content:
    """What was found. `sha256` is None unless the whole file was read; the rest is None unless it is an image."""

    content_type: str
    sha256: str | None
    width: int | None = None
    height: int | None = None
    thumbnail: bytes | None = None


def inspect(declared: str, data: bytes, size: int) -> Content:
    """Return what a file of `size` bytes is, whose first ones, or all, are `data`. Raises FileRejectedError."""
    if size == 0:
        raise FileRejectedError("The file is empty.")
    found = _sniff(data, is_whole=len(data) == size)
    if found is None:
        raise FileRejectedError(f"The file is none of: {', '.join(EXTENSIONS)}.")
    if declared not in _ANY_TYPE and declared != found:
        raise FileRejectedError(f"The file is {found}, but was sent as another type.")
    sha256 = hashlib.sha256(data).hexdigest() if len(data) == size else None
    if found not in IMAGES:
        return Content(found, sha256)
    try:
        return _inspect_image(found, data, sha256)
    except FileRejectedError:
        raise
    except Exception as error:  # decoders fail in more ways than they document, always by the file's fault
        raise FileRejectedError("The image is damaged.") from error


def _sniff(data: bytes, *, is_whole: bool) -> str | None:
    kind = filetype.match(data, _MATCHERS)
    if kind is not None:
        return str(kind.mime)
    return "text/plain" if _is_plain_text(data, is_whole=is_whole) else None


def _is_plain_text(data: bytes, *, is_whole: bool) -> bool:
    """UTF-8 without control characters, and no markup, which some program would take for a page."""
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(data, final=is_whole)
    except UnicodeDecodeError:
        return False
    return not _NOT_TEXT.search(text) and not _MARKUP.match(text)


def _inspect_image(content_type: str, data: bytes, sha256: str | None) -> Content:
    decoder = [content_type.removeprefix("image/").upper()]
    if content_type == "image/webp":
        _check_pixels(*_webp_canvas(data))
    with Image.open(io.BytesIO(data), formats=decoder) as picture:
        width, height = picture.size
        _check_pixels(width, height)
        picture.verify()  # checksums; leaves the image unusable
    with Image.open(io.BytesIO(data), formats=decoder) as picture:
        return Content(content_type, sha256, width, height, _thumbnail(picture))


def _check_pixels(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise FileRejectedError(f"The image has more than {MAX_PIXELS} pixels.")


def _webp_canvas(data: bytes) -> tuple[int, int]:
    """Read the size from the first chunk (RFC 9649, section 2.5 to 2.7): the decoder makes room on opening."""
    chunk = data[12:16]
    if chunk == b"VP8X":
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if chunk == b"VP8L":
        (bits,) = struct.unpack("<I", data[21:25])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack("<HH", data[26:30])
    return width & 0x3FFF, height & 0x3FFF


def _thumbnail(picture: Image.Image) -> bytes:
    """Decode the image, whole, and return it as a small WebP: upright, without EXIF, profile or comment."""
    picture.draft("RGB", THUMBNAIL_SIZE)  # lets a JPEG be decoded at an eighth of its size
    picture.load()
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    eight_bits = picture.point(lambda level: level / 256) if picture.mode.startswith("I;16") else picture
    small = eight_bits if eight_bits.mode == mode else eight_bits.convert(mode)  # each copy takes up to 160 MB
    small.thumbnail(THUMBNAIL_SIZE)
    upright = _upright(small)
    upright.info.clear()
    thumbnail = io.BytesIO()
    upright.save(thumbnail, "WEBP", quality=80)
    return thumbnail.getvalue()


def _upright(picture: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(picture)
    except Exception:  # EXIF is broken in as many ways; the picture is none the worse for it
        return picture
