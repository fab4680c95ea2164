"""A program that inspects each bomb within a limit of memory in bytes, and prints the outcomes as JSON."""

import json
import resource
import struct
import sys
from collections.abc import Callable
from pathlib import Path

from media.content import inspect
from media.errors import FileRejectedError
from tests.media_files import gif_bomb, image_file, png, png_bomb, png_header, webp_extended, webp_lossless, webp_lossy

MIB = 1024 * 1024


def gif(before_the_picture: bytes) -> bytes:
    return b"GIF89a\x01\x00\x01\x00\x00\x00\x00" + before_the_picture + gif_bomb()[19:]


def segment(marker: int, data: bytes) -> bytes:
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(data) + 2) + data


def jpeg(before_the_picture: bytes) -> bytes:
    picture = image_file("JPEG")
    return picture[:2] + before_the_picture + picture[2:]


def jpeg_of(width: int, height: int) -> bytes:
    return b"\xff\xd8" + segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00") + b"\xff\xd9"


def jpeg_of_scans(count: int, between: bytes = b"") -> bytes:
    """Return a progressive JPEG of 6320 x 6320 pixels whose scans are empty: each has one run of zeros."""
    head = (
        segment(0xDB, b"\x00" + b"\x01" * 64)
        + segment(0xC2, struct.pack(">BHHB", 8, 6320, 6320, 1) + b"\x01\x11\x00")
        + segment(0xC4, b"\x10\x01" + bytes(15) + b"\xe0")
    )
    scan = segment(0xDA, b"\x01\x01\x00\x01\x3f\x01") + bytes(54)
    return b"\xff\xd8" + head + between + scan * count + b"\xff\xd9"


def webp_of_parts(count: int) -> bytes:
    chunks = image_file("WEBP")[8:] + b"ALPH\0\0\0\0" * count
    return b"RIFF" + struct.pack("<I", len(chunks)) + chunks


SEE_THROUGH = bytes.fromhex("524946461a000000574542505650384c0d0000002f3fdfe114071011198888fe0700")
"""A lossless WebP of 8000 x 5000 pixels with an alpha channel, decoded to four bytes per pixel."""

BOMBS: dict[str, Callable[[], bytes]] = {
    "GIF of one frame of 65535 x 65535, which is made room for on opening": lambda: gif(b"!\xf9\x04\x08\0\0\0\0"),
    "PNG of 20000 x 20000": lambda: png_bomb(20_000, 20_000),
    "JPEG of 65535 x 65535": lambda: jpeg_of(65_535, 65_535),
    "lossy WebP of 16383 x 16383": lambda: webp_lossy(16_383, 16_383),
    "lossless WebP of 16384 x 16384": lambda: webp_lossless(16_384, 16_384),
    "extended WebP of 100000 x 40000": lambda: webp_extended(100_000, 40_000),
    "GIF with a comment of 4 MiB, byte by byte": lambda: gif(b"!\xfe" + b"\x01a" * (2 * MIB) + b"\x00"),
    "GIF with 4 MiB of nothing": lambda: gif(bytes(4 * MIB)),
    "PNG of 100,000 chunks": lambda: png(png_header(1, 1), *[(b"prVt", b"")] * 100_000, (b"IEND", b"")),
    "JPEG of 20,000 segments of EXIF": lambda: jpeg(segment(0xE1, b"Exif\0\0" + bytes(10)) * 20_000),
    "JPEG of 1000 scans": lambda: jpeg_of_scans(1000),
    "JPEG of 1000 scans behind a false end": lambda: jpeg_of_scans(1000, segment(0xFE, b"\xff\xd9")),
    "JPEG of 4 MiB of padding": lambda: jpeg(b"\xff" * (4 * MIB)),
    "WebP of 300,000 chunks": lambda: webp_of_parts(300_000),
    "WebP of as many pixels as are allowed": lambda: SEE_THROUGH,
}


def outcome(data: bytes) -> str:
    try:
        return inspect("", data, len(data)).content_type
    except FileRejectedError as rejection:
        return rejection.detail


used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
files = {name: make() for name, make in BOMBS.items()}
resource.setrlimit(resource.RLIMIT_AS, (used + int(sys.argv[1]), -1))
print(json.dumps({name: outcome(data) for name, data in files.items()}))
