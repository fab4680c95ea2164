"""Files that people upload, good ones and such as were made to do harm."""

import io
import struct
import zipfile
import zlib
from typing import Any

from PIL import Image

GPS_IFD, ORIENTATION = 0x8825, 0x0112
CAMERA = 0x010F


def image_file(kind: str = "PNG", size: tuple[int, int] = (40, 20), mode: str = "RGB", **how: Any) -> bytes:
    """Return an image; `how` is Pillow's."""
    file = io.BytesIO()
    Image.new(mode, size, "red" if mode in {"RGB", "RGBA"} else 1).save(file, kind, **how)
    return file.getvalue()


def photo(kind: str = "JPEG") -> bytes:
    """Return a photo of 40 x 20 pixels, left half red, as a camera held upright writes it: lying on its side,
    with where it was taken.
    """
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # turn it a quarter clockwise to see it upright
    exif[CAMERA] = "canary-camera"
    exif.get_ifd(GPS_IFD).update({1: "N", 2: (47.0, 22.0, 0.0)})
    picture = Image.new("RGB", (40, 20), "blue")
    picture.paste("red", (0, 0, 20, 20))
    file = io.BytesIO()
    picture.save(file, kind, exif=exif, icc_profile=b"canary-profile", comment=b"canary-comment")
    return file.getvalue()


def png(*chunks: tuple[bytes, bytes]) -> bytes:
    """Return a PNG file of chunks, with their checksums."""
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


def png_header(width: int, height: int) -> tuple[bytes, bytes]:
    return b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)


def png_bomb(width: int, height: int) -> bytes:
    """Return a PNG of one bit a pixel: few bytes, many pixels."""
    rows = zlib.compress(bytes(height * (1 + (width + 7) // 8)), 9)
    return png(png_header(width, height), (b"IDAT", rows), (b"IEND", b""))


def png_with_text(size: int) -> bytes:
    """Return a PNG of one pixel with a comment that is large once it is decompressed."""
    text = b"Comment\x00\x00" + zlib.compress(bytes(size), 9)
    return png(png_header(1, 1), (b"zTXt", text), (b"IDAT", zlib.compress(b"\x00\x00")), (b"IEND", b""))


def webp(chunk: bytes, data: bytes) -> bytes:
    """Return a WebP file of one chunk."""
    body = b"WEBP" + chunk + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


def webp_lossy(width: int, height: int) -> bytes:
    return webp(b"VP8 ", b"\x10\x00\x00\x9d\x01\x2a" + struct.pack("<HH", width, height) + bytes(16))


def webp_lossless(width: int, height: int) -> bytes:
    return webp(b"VP8L", b"\x2f" + struct.pack("<I", (width - 1) | (height - 1) << 14) + bytes(15))


def webp_extended(width: int, height: int) -> bytes:
    return webp(b"VP8X", bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little"))


def gif_bomb() -> bytes:
    """Return a GIF whose screen is one pixel and whose first picture is 65535 x 65535."""
    screen = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + bytes(6)
    return screen + b"," + struct.pack("<HHHHB", 0, 0, 0xFFFF, 0xFFFF, 0) + b"\x02\x02\x4c\x01\x00;"


def zip_bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(1_000_000))
    return file.getvalue()


TEXT = "Grüße, 世界 😀\n".encode()
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
MP4 = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp42" + b"\x00\x00\x00\x08mdat"
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'

GOOD = {
    "PNG": ("image/png", image_file("PNG")),
    "JPEG": ("image/jpeg", photo()),
    "GIF": ("image/gif", image_file("GIF")),
    "WebP": ("image/webp", image_file("WEBP")),
    "PDF": ("application/pdf", PDF),
    "MP4": ("video/mp4", MP4),
    "text": ("text/plain", TEXT),
}
"""Content type and bytes of one file of every kind that is taken."""

BAD = {
    "text as PNG": ("image/png", b"hello"),
    "HTML as PNG": ("image/png", HTML),
    "HTML as text": ("text/plain", HTML),
    "HTML after white space and a byte order mark": ("text/plain", b"\xef\xbb\xbf \r\n\t" + HTML),
    "SVG as PNG": ("image/png", SVG),
    "SVG as text": ("text/plain", SVG),
    "XML as text": ("text/plain", b"<?xml version='1.0'?>" + SVG),
    "PNG as JPEG": ("image/jpeg", image_file("PNG")),
    "JPEG as PDF": ("application/pdf", photo()),
    "GIF and JavaScript": ("image/gif", b"GIF89a/*\x00\x00\x00\x00\x00*/=1;alert(1)//;"),
    "GIF's first bytes": ("image/gif", b"GIF89a"),
    "GIF bomb": ("image/gif", gif_bomb()),
    "PNG bomb": ("image/png", png_bomb(8000, 5001)),
    "PNG with a huge comment": ("image/png", png_with_text(5_000_000)),
    "PNG with a broken checksum": ("image/png", image_file("PNG").replace(b"IDAT", b"IDAU")),
    "PNG of no pixels": ("image/png", png(png_header(0, 0), (b"IDAT", b""), (b"IEND", b""))),
    "half a PNG": ("image/png", image_file("PNG", (400, 400))[:300]),
    "half a JPEG": ("image/jpeg", photo()[:-100]),
    "half a WebP": ("image/webp", image_file("WEBP", (400, 400))[:-20]),
    "lossy WebP bomb": ("image/webp", webp_lossy(16_383, 16_383)),
    "lossless WebP bomb": ("image/webp", webp_lossless(16_384, 16_384)),
    "extended WebP bomb": ("image/webp", webp_extended(100_000, 40_000)),
    "WebP's first bytes": ("image/webp", b"RIFF\x04\x00\x00\x00WEBP"),
    "zip bomb as PDF": ("application/pdf", zip_bomb()),
    "zip bomb as text": ("text/plain", zip_bomb()),
    "program as text": ("text/plain", b"MZ\x90\x00\x03\x00\x00\x00" + bytes(60)),
    "program as MP4": ("video/mp4", b"\x7fELF\x02\x01\x01" + bytes(60)),
    "text with NUL": ("text/plain", b"a\x00b"),
    "text in Latin-1": ("text/plain", "Grüße".encode("latin-1")),
    "text in UTF-16": ("text/plain", "hello".encode("utf-16")),
    "text cut inside a character": ("text/plain", "😀".encode()[:3]),
}
"""Content type as declared, and bytes, of files that are rejected for what is in them."""
