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
# JFIF without a thumbnail, color profile, Adobe's color transform. Tables, frames and scans have markers below 0xE0.
_JPEG_KEPT = (
    b"\xff\xe0\x00\x10JFIF\0",
    b"\xff\xe2..ICC_PROFILE\0",
    b"\xff\xee..Adobe",
    b"\xff[\xc0-\xcf\xda-\xdf]",
)
_JPEG_IS_KEPT = re.compile(b"|".join(_JPEG_KEPT), re.DOTALL)

# Image data, colors, resolution, and animation (PNG, third edition, section 11).
_PNG_KEPT = {
    *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"mDCV"),
    *(b"cLLI", b"bKGD", b"hIST", b"pHYs", b"sPLT", b"acTL", b"fcTL", b"fdAT"),
}
_WEBP_FRAME = {b"VP8 ", b"VP8L", b"ALPH"}
_WEBP_KEPT = {*_WEBP_FRAME, b"ICCP", b"ANIM"}
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
    copy = bytearray(b"WEBP")
    for name, content in _webp_chunks(data[12 : 8 + struct.unpack_from("<I", data, 4)[0]]):
        if name == b"VP8X":
            flags = content[0] & ~(_WEBP_EXIF | _WEBP_XMP) | (_WEBP_EXIF if exif else 0)
            copy += _webp_chunk(name, bytes([flags]) + content[1:])
        elif name == b"ANMF":
            frame = (_webp_chunk(*chunk) for chunk in _webp_chunks(content[16:]) if chunk[0] in _WEBP_FRAME)
            copy += _webp_chunk(name, content[:16] + b"".join(frame))
        elif name in _WEBP_KEPT:
            copy += _webp_chunk(name, content)
    if exif:
        copy += _webp_chunk(b"EXIF", exif)
    return _webp_chunk(b"RIFF", copy)


def _webp_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = 0
    while position + 8 <= len(data):
        name, length = struct.unpack_from("<4sI", data, position)
        yield name, data[position + 8 : position + 8 + length]
        position += 8 + length + length % 2


def _webp_chunk(name: bytes, content: bytes | bytearray) -> bytes:
    return struct.pack("<4sI", name, len(content)) + content + b"\0" * (len(content) % 2)


_COPIES: dict[str, Callable[[bytes, bytes], bytes]] = {
    "image/jpeg": _copy_jpeg,
    "image/png": _copy_png,
    "image/webp": _copy_webp,
}
