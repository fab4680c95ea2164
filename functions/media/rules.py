"""What is taken and what is not: types, sizes, text, the bodies of requests. Pure; no AWS."""

import re
import unicodedata
from typing import Any

from media.errors import FileTooLargeError, LinkNotFoundError, MediaNotFoundError
from shared.errors import InvalidBodyError, InvalidCursorError

EXTENSIONS = {
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "application/pdf": (".pdf",),
    "video/mp4": (".mp4",),
    "text/plain": (".txt",),
}
"""All types that are taken, with the extensions that a file of the type may be saved under. The first is the usual."""

IMAGES = {content_type for content_type in EXTENSIONS if content_type.startswith("image/")}

MAX_DIRECT_BYTES = 4 * 1024 * 1024
"""Through the function: Lambda takes 6 MB, and API Gateway sends binary bodies as base64."""
MAX_IMAGE_BYTES = 20 * 1024 * 1024
"""An image is decoded whole, in memory."""
MAX_UPLOAD_BYTES = 100 * 1024 * 1024
MAX_LINKS = 20
"""Share links of one media: they are kept in its item, which has 400 KB at most."""

PENDING, READY, REJECTED = "pending", "ready", "rejected"

_ID = re.compile(r"[0-9a-f]{32}")
_TOKEN = re.compile(r"([0-9a-f]{32})[A-Za-z0-9_-]{43}")
_CURSOR = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)#([0-9a-f]{32})")
# Control characters, lone surrogates, line separators, and what turns the direction of text round: photo_gpj.exe
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")

# Format and control characters, spaces, marks that stand on nothing; letters and a symbol that are blank by purpose
_INVISIBLE_CATEGORIES = {"Cc", "Cf", "Mn", "Zl", "Zp", "Zs"}
_BLANKS = "\u115f\u1160\u2800\u3164\uffa0"

_NAME = {"type": "string", "minLength": 1, "maxLength": 100}
_CAPTION = {"type": "string", "maxLength": 500}

NEW_UPLOAD = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name", "caption", "filename", "content_type", "size"],
    "properties": {
        "name": _NAME,
        "caption": _CAPTION,
        "filename": {"type": "string", "minLength": 1, "maxLength": 255},
        "content_type": {"type": "string", "enum": list(EXTENSIONS)},
        "size": {"type": "integer", "minimum": 1, "maximum": MAX_UPLOAD_BYTES},
        "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    },
}
NEW_LINK = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"expires_in": {"type": "integer", "minimum": 1, "maximum": 604800}},
}
DEFAULT_LINK_SECONDS = 3600


def check_texts(name: str, caption: str, filename: str) -> None:
    """Raises InvalidBodyError for what no person would read, and for a filename that is a path."""
    _check_length("name", name.strip(), 1, _NAME["maxLength"])
    _check_length("caption", caption, 0, _CAPTION["maxLength"])
    _check_length("filename", filename, 1, 255)
    lines = re.sub(r"[\t\r\n]", " ", caption)
    if any(_UNPRINTABLE.search(text) for text in (name, lines, filename)):
        raise InvalidBodyError("name, caption and filename take printable characters only")
    if not _is_visible(name) or not _is_visible(filename):
        raise InvalidBodyError("name and filename take a text that can be seen")
    if re.search(r"[/\\]", filename) or not filename.strip(". "):
        raise InvalidBodyError("filename takes the name of a file, without folders")


def check_size(content_type: str, size: int) -> None:
    """Raises FileTooLargeError for an image that is too large to be decoded."""
    if content_type in IMAGES and size > MAX_IMAGE_BYTES:
        raise FileTooLargeError(f"An image may have {MAX_IMAGE_BYTES // 2**20} MiB.")


def check_id(media_id: str) -> str:
    """Raises MediaNotFoundError for what cannot be an id."""
    if not _ID.fullmatch(media_id):
        raise MediaNotFoundError
    return media_id


def media_of_token(token: str) -> str:
    """Return the media's id in a share link's token. Raises LinkNotFoundError for what cannot be a token."""
    match = _TOKEN.fullmatch(token)
    if match is None:
        raise LinkNotFoundError
    return match[1]


def place_in_cursor(sort_key: str) -> tuple[str, str]:
    """Return the time and id in a cursor. Raises InvalidCursorError for what no list could have given."""
    match = _CURSOR.fullmatch(sort_key)
    if match is None:
        raise InvalidCursorError
    return match[1], match[2]


def _is_visible(text: str) -> bool:
    """Whether there is something to see; joiners between it are welcome, as emoji and Persian need them."""
    return any(unicodedata.category(each) not in _INVISIBLE_CATEGORIES and each not in _BLANKS for each in text)


def _check_length(name: str, text: str, least: int, most: Any) -> None:
    if not least <= len(text) <= most:
        raise InvalidBodyError(f"{name} takes {least} to {most} characters")
