"""Detection of a file's type from its content, checks of images, thumbnails, and copies. Needs the media layer.

Images are decoded, so that a file that only begins like an image is rejected. A thumbnail is a new image, which
contains the pixels of the original and none of its metadata.
"""

import codecs
import hashlib
import io
import itertools
import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass

from filetype.types import archive, image, video
from PIL import Image, ImageOps
from PIL.WebPImagePlugin import WebPImageFile  # Pillow would import all formats to find this one

from media.errors import FileRejectedError
from media.metadata import jpeg_segments, without_metadata
from media.model import CLEANED, EXTENSIONS, IMAGES, TEXT

MAGIC_BYTES = 8 * 1024
"""How much of a file filetype reads."""
HEAD_BYTES = 64 * 1024
"""How much of a PDF or MP4 is read to detect its type. Images and texts are read whole."""
MAX_PIXELS = 40_000_000
"""160 MB decoded. The WebP decoder needs four times as much."""
MAX_READS = 100_000
"""How often a decoder may read from an image. Decoders read chunk by chunk, and a chunk can have a few bytes, so that
20 MiB of chunks take minutes. Real images need a few thousand reads at most."""
MAX_JPEG_SEGMENTS = 200
"""Pillow copies all earlier EXIF segments for each new one, and passes over the whole picture for each scan of a
progressive JPEG. Real JPEGs have about 30 segments, or 100 with a large color profile or depth map."""
THUMBNAIL_SIZE = (320, 320)

# Pillow allocates memory for some images on opening. It first rejects images of more than twice this many pixels.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2

_MATCHERS = (image.Png(), image.Jpeg(), image.Gif(), image.Webp(), archive.Pdf(), video.Mp4())
_VISIBLE = re.compile(r"[^\s\ufeff]")
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_ORIENTATION, _UPRIGHT, _TURNED = 0x0112, 1, range(2, 9)
"""EXIF's tag and its values."""
_ANY_TYPE = {"", "application/octet-stream"}
"""What browsers declare for unknown types."""
_ALIASES = {"image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg", "application/x-pdf": "application/pdf"}


@dataclass(frozen=True, slots=True)
class Content:
    """The detected properties. `sha256` is None if the file was read in part, the others if it is not an image.

    `shared` is a copy without metadata. It is None if the file has no metadata, or its type is not in CLEANED.
    """

    content_type: str
    sha256: str | None
    width: int | None = None
    height: int | None = None
    thumbnail: bytes | None = None
    shared: bytes | None = None


def inspect(declared: str, data: bytes, size: int, rest: Iterable[bytes] = ()) -> Content:
    """Return the properties of a file of `size` bytes that begins with `data`. Raises FileRejectedError.

    `rest` are the pieces of a text after `data`.
    """
    if size == 0:
        raise FileRejectedError("The file is empty.")
    declared = _ALIASES.get(declared, declared)
    found = _sniff(data, rest)
    if found is None:
        raise FileRejectedError(f"The file type is not supported. Send one of: {', '.join(EXTENSIONS)}.")
    if declared not in _ANY_TYPE and declared != found:
        raise FileRejectedError(f"The file is {found}, but it was declared as another type.")
    sha256 = hashlib.sha256(data).hexdigest() if len(data) == size else None
    if found not in IMAGES:
        return Content(found, sha256)
    try:
        with warnings.catch_warnings(action="ignore"):  # Pillow warns about images that are checked here anyway
            return _inspect_image(found, data, sha256)
    except FileRejectedError:
        raise
    except Image.DecompressionBombError as error:
        raise FileRejectedError(f"The image has more than {MAX_PIXELS // 1_000_000} million pixels.") from error
    except Exception as error:  # decoders raise undocumented exceptions for damaged files
        raise FileRejectedError("The image is damaged.") from error


def _sniff(data: bytes, rest: Iterable[bytes]) -> str | None:
    head = data[:MAGIC_BYTES]
    kind = next((matcher for matcher in _MATCHERS if matcher.match(head)), None)
    if kind is not None:
        return str(kind.mime)
    return TEXT if _is_plain_text(itertools.chain([data], rest)) else None


def _is_plain_text(pieces: Iterable[bytes]) -> bool:
    """Whether a file is UTF-8 without control characters, and not markup, which a program could display as a page."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    first: re.Match[str] | None = None
    try:
        for piece in pieces:
            text = decoder.decode(piece)
            first = first or _VISIBLE.search(text)
            if _NOT_TEXT.search(text) or (first and first[0] == "<"):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


class _Pieces(io.BytesIO):
    """A file that can be read MAX_READS times. Raises FileRejectedError after that."""

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
        thumbnail, orientation = _thumbnail(picture), _orientation(picture)
    copy = without_metadata(content_type, data, orientation) if content_type in CLEANED else data
    return Content(content_type, sha256, width, height, thumbnail, None if copy == data else copy)


def _check_segments(data: bytes) -> None:
    """Raises FileRejectedError for a JPEG of more than MAX_JPEG_SEGMENTS segments, found as its decoder finds them."""
    for number, _ in enumerate(jpeg_segments(data), 1):
        if number > MAX_JPEG_SEGMENTS:
            raise FileRejectedError("The image has too many parts.")


def _thumbnail(picture: Image.Image) -> bytes:
    """Decode the whole image and return it as a small WebP: upright, without EXIF, color profile or comment."""
    picture.draft("RGB", THUMBNAIL_SIZE)  # decodes a JPEG at an eighth of its size or more
    picture.load()
    eight_bits = picture.point(lambda level: level / 256) if picture.mode.startswith("I;16") else picture
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    small = eight_bits if eight_bits.mode == mode else eight_bits.convert(mode)  # a copy takes up to 160 MB
    small.thumbnail(THUMBNAIL_SIZE)
    upright = _upright(small)
    upright.info.clear()
    thumbnail = io.BytesIO()
    upright.save(thumbnail, WebPImageFile.format, quality=80)
    return thumbnail.getvalue()


def _orientation(picture: Image.Image) -> int:
    try:
        orientation: object = picture.getexif().get(_ORIENTATION)
    except Exception:  # as in _upright
        return _UPRIGHT
    return orientation if isinstance(orientation, int) and orientation in _TURNED else _UPRIGHT


def _upright(picture: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(picture)
    except Exception:  # Pillow raises undocumented exceptions for broken EXIF too; the image is usable without it
        return picture
