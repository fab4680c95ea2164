"""Rules for requests: limits, JSON schemas, texts, ids and tokens. No AWS."""

import re
import unicodedata
from typing import Any

from media.errors import FileTooLargeError, LinkNotFoundError, MediaNotFoundError
from media.model import EXTENSIONS, IMAGES
from shared.errors import InvalidBodyError
from shared.ids import is_id
from shared.text import has_control_characters

MAX_DIRECT_BYTES = 4 * 1024 * 1024
"""For files in a request body: Lambda accepts 6 MB, and API Gateway encodes binary bodies as base64."""
MAX_IMAGE_BYTES = 20 * 1024 * 1024
"""Images are read into memory."""
MAX_UPLOAD_BYTES = 100 * 1024 * 1024
MAX_LINKS = 20
"""Share links of one media. They are part of its activity, which can have at most 400 KB."""

MAX_OWNER_BYTES = 1024 * 1024 * 1024
"""All media of one owner together, also pending and rejected ones."""
MAX_PENDING = 20
"""Pending media of one owner. They are part of the owner's usage item."""

_LINK_ID = re.compile(r"[0-9a-f]{64}")
_TOKEN = re.compile(r"([0-9a-f]{32})[A-Za-z0-9_-]{43}")
# Line separators, noncharacters, and characters that reverse text, as in photo_gpj.exe
_MISLEADING = re.compile("[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffe\uffff]")

# Control and format characters, spaces and combining marks. _BLANKS are letters and a symbol without a glyph.
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
    """Raises InvalidBodyError if a text is too long, unprintable or invisible, or if the filename is a path."""
    _check_length("name", name, 1, _NAME["maxLength"])
    _check_length("caption", caption, 0, _CAPTION["maxLength"])
    _check_length("filename", filename, 1, 255)
    has_control = has_control_characters(name + filename) or has_control_characters(caption, allowed="\t\r\n")
    if has_control or _MISLEADING.search(name + caption + filename):
        raise InvalidBodyError("name, caption and filename must contain printable characters only.")
    if not _is_visible(name) or not _is_visible(filename):
        raise InvalidBodyError("name and filename must contain a visible character.")
    if re.search(r"[/\\]", filename) or not filename.strip(". "):
        raise InvalidBodyError("filename must be the name of a file, without folders.")


def check_size(content_type: str, size: int) -> None:
    """Raises FileTooLargeError for an image over MAX_IMAGE_BYTES."""
    if content_type in IMAGES and size > MAX_IMAGE_BYTES:
        raise FileTooLargeError(f"Images must be {MAX_IMAGE_BYTES // 2**20} MiB or smaller.")


def check_id(media_id: str) -> str:
    """Return a well-formed id. Raises MediaNotFoundError for any other."""
    if not is_id(media_id):
        raise MediaNotFoundError
    return media_id


def check_link_id(link_id: str) -> str:
    """Return a well-formed link id. Raises LinkNotFoundError for any other."""
    if not _LINK_ID.fullmatch(link_id):
        raise LinkNotFoundError
    return link_id


def media_id_from_token(token: str) -> str:
    """Return the media id in the token of a share link. Raises LinkNotFoundError if the token is malformed."""
    match = _TOKEN.fullmatch(token)
    if match is None:
        raise LinkNotFoundError
    return match[1]


def _is_visible(text: str) -> bool:
    """Whether a text has a visible character. It may also have invisible ones: emoji and Persian need joiners."""
    return any(unicodedata.category(each) not in _INVISIBLE_CATEGORIES and each not in _BLANKS for each in text)


def _check_length(name: str, text: str, least: int, most: Any) -> None:
    if not least <= len(text) <= most:
        raise InvalidBodyError(f"{name} must have {least} to {most} characters.")
