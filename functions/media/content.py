"""What a file really is: found in its bytes, never in what its sender says.

Needs the media layer. Images are decoded, so that what only begins like one is refused, and shown as a thumbnail
of our own making, which carries nothing over but pixels.
"""

import codecs
import hashlib
import io
import re
import warnings
from dataclasses import dataclass

import filetype
from filetype.types import archive, image, video
from PIL import Image, ImageOps

from media.errors import FileRejectedError
from media.rules import EXTENSIONS, IMAGES

HEAD_BYTES = 64 * 1024
"""As much of a file as is read to tell its type. Images are read whole."""
MAX_PIXELS = 40_000_000
"""160 MB once decoded; the decoder of WebP takes four times that."""
MAX_READS = 100_000
"""Pieces that an image may be read in. Decoders take each chunk by itself, the smallest have a few bytes: 20 MiB of
them last minutes. Real images have thousands at most."""
MAX_JPEG_SEGMENTS = 200
"""Each segment of EXIF is copied together with all before it, and each scan of a progressive JPEG passes over the whole
picture, however short it is. Real ones have some thirty, with a large profile or depth map a hundred."""
THUMBNAIL_SIZE = (320, 320)

# Pillow makes room for some pictures on opening. It asks this before, and refuses what has more than twice as many.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2

_MATCHERS = (image.Png(), image.Jpeg(), image.Gif(), image.Webp(), archive.Pdf(), video.Mp4())
_MARKUP = re.compile(r"[\s\ufeff]*<")
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
# A segment of a JPEG; what else follows 0xFF is part of a scan (ITU-T T.81, section B.1.1)
_JPEG_MARKER = re.compile(rb"\xff([\xc0-\xcf\xd8-\xfe])")
_END_OF_JPEG = b"\xd9"
_ANY_TYPE = {"", "application/octet-stream"}
"""What browsers declare when they do not know."""
_ALIASES = {"image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg", "application/x-pdf": "application/pdf"}


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
    declared = _ALIASES.get(declared, declared)
    found = _sniff(data, is_whole=len(data) == size)
    if found is None:
        raise FileRejectedError(f"The file is none of: {', '.join(EXTENSIONS)}.")
    if declared not in _ANY_TYPE and declared != found:
        raise FileRejectedError(f"The file is {found}, but was sent as another type.")
    sha256 = hashlib.sha256(data).hexdigest() if len(data) == size else None
    if found not in IMAGES:
        return Content(found, sha256)
    try:
        with warnings.catch_warnings(action="ignore"):  # Pillow's, of what we either refuse or take
            return _inspect_image(found, data, sha256)
    except FileRejectedError:
        raise
    except Image.DecompressionBombError as error:
        raise FileRejectedError(f"The image has more than {MAX_PIXELS // 1_000_000} million pixels.") from error
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


class _Pieces(io.BytesIO):
    """A file that can be read in MAX_READS pieces and no more."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self._left = MAX_READS

    def read(self, size: int | None = -1, /) -> bytes:
        self._left -= 1
        if self._left < 0:
            raise FileRejectedError("The image has too many parts.")
        return super().read(size)


def _inspect_image(content_type: str, data: bytes, sha256: str | None) -> Content:
    decoder = [content_type.removeprefix("image/").upper()]
    if content_type == "image/jpeg":
        _check_segments(data)
    with Image.open(_Pieces(data), formats=decoder) as picture:
        width, height = picture.size
        picture.verify()  # checksums; leaves the image unusable
    with Image.open(_Pieces(data), formats=decoder) as picture:
        return Content(content_type, sha256, width, height, _thumbnail(picture))


def _check_segments(data: bytes) -> None:
    """Walk a JPEG as its decoder does. Raises FileRejectedError for one of too many segments, scans among them."""
    position = 2
    for _ in range(MAX_JPEG_SEGMENTS):
        marker = _JPEG_MARKER.search(data, position)
        if marker is None or marker[1] == _END_OF_JPEG:
            return
        position = marker.end() + int.from_bytes(data[marker.end() : marker.end() + 2])
    raise FileRejectedError("The image has too many parts.")


def _thumbnail(picture: Image.Image) -> bytes:
    """Decode the image, whole, and return it as a small WebP: upright, without EXIF, profile or comment."""
    picture.draft("RGB", THUMBNAIL_SIZE)  # lets a JPEG be decoded at an eighth of its size
    picture.load()
    eight_bits = picture.point(lambda level: level / 256) if picture.mode.startswith("I;16") else picture
    mode = "RGBA" if picture.has_transparency_data else "RGB"
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
