"""Removal of metadata from images, such as the place and time of a photo. Nothing is decoded or encoded again.

A file consists of parts. A copy contains only the parts that a decoder needs. All other parts are removed, also unknown
ones. The orientation is written anew.
"""

import re
import struct
import zlib
from collections.abc import Callable, Iterator

# The marker of a JPEG segment. Any other byte after 0xFF is part of a scan (ITU-T T.81, section B.1.1).
_JPEG_MARKER = re.compile(rb"\xff([\xc0-\xcf\xd8-\xfe])")
_JPEG_END = b"\xff\xd9"
_JPEG_SCAN = b"\xff\xda"
# JFIF, color profile, and Adobe's color transform. Tables, frames and scans have markers below 0xE0.
_JPEG_KEPT = (b"\xff\xe0..JFIF\0", b"\xff\xe2..ICC_PROFILE\0", b"\xff\xee..Adobe", b"\xff[\xc0-\xcf\xda-\xdf]")
_JPEG_IS_KEPT = re.compile(b"|".join(_JPEG_KEPT), re.DOTALL)

# Image data, colors, resolution, and animation (PNG, third edition, section 11).
_PNG_KEPT = {
    *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"mDCV"),
    *(b"cLLI", b"bKGD", b"hIST", b"pHYs", b"sPLT", b"acTL", b"fcTL", b"fdAT"),
}
_WEBP_KEPT = {b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ICCP", b"ANIM", b"ANMF"}
_WEBP_EXIF, _WEBP_XMP = 0x08, 0x04  # flags in VP8X


def without_metadata(content_type: str, data: bytes, orientation: int) -> bytes:
    """Return a JPEG, PNG or WebP image without its metadata. `orientation` is EXIF's: 1 is upright.

    The image is well-formed: it has been decoded.
    """
    # EXIF with one entry: Orientation, one SHORT.
    exif = struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, 0x0112, 3, 1, orientation, 0, 0) if orientation != 1 else b""
    return _COPIES[content_type](data, exif)


def jpeg_segments(data: bytes) -> Iterator[bytes]:
    """Yield the segments of a JPEG up to its end, as its decoder finds them, each scan with its header."""
    found = _JPEG_MARKER.search(data, 2)
    while found and found[0] != _JPEG_END:
        end = found.end() + int.from_bytes(data[found.end() : found.end() + 2])
        following = _JPEG_MARKER.search(data, end)
        if found[0] == _JPEG_SCAN:
            end = following.start() if following else len(data)
        yield data[found.start() : end]
        found = following


def _copy_jpeg(data: bytes, exif: bytes) -> bytes:
    """Also leave out what follows the image: other images and videos, which have their own metadata."""
    kept = [segment for segment in jpeg_segments(data) if _JPEG_IS_KEPT.match(segment)]
    if exif:
        body = b"Exif\0\0" + exif
        after_jfif = 1 if kept[0].startswith(b"\xff\xe0") else 0
        kept.insert(after_jfif, b"\xff\xe1" + struct.pack(">H", 2 + len(body)) + body)
    return b"\xff\xd8" + b"".join(kept) + _JPEG_END


def _copy_png(data: bytes, exif: bytes) -> bytes:
    copy, position, name = [data[:8]], 8, b""
    while name != b"IEND":
        length, name = struct.unpack_from(">I4s", data, position)
        end = position + 12 + length
        if name in _PNG_KEPT:
            copy.append(data[position:end])
        if name == b"IHDR" and exif:
            body = b"eXIf" + exif
            copy.append(struct.pack(">I", len(exif)) + body + struct.pack(">I", zlib.crc32(body)))
        position = end
    return b"".join(copy)


def _copy_webp(data: bytes, exif: bytes) -> bytes:
    copy: list[bytes] = []
    position = 12
    end_of_file = min(len(data), 8 + struct.unpack_from("<I", data, 4)[0])
    while position + 8 <= end_of_file:
        name, length = struct.unpack_from("<4sI", data, position)
        end = position + 8 + length + length % 2
        if name in _WEBP_KEPT:
            chunk = bytearray(data[position:end])
            if name == b"VP8X":
                chunk[8] = chunk[8] & ~(_WEBP_EXIF | _WEBP_XMP) | (_WEBP_EXIF if exif else 0)
            copy.append(bytes(chunk))
        position = end
    if exif:
        copy.append(struct.pack("<4sI", b"EXIF", len(exif)) + exif)
    body = b"WEBP" + b"".join(copy)
    return struct.pack("<4sI", b"RIFF", len(body)) + body


_COPIES: dict[str, Callable[[bytes, bytes], bytes]] = {
    "image/jpeg": _copy_jpeg,
    "image/png": _copy_png,
    "image/webp": _copy_webp,
}
