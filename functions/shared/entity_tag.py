"""ETag and If-Match (RFC 9110, section 13.1.1) over an item's `version` and `created_at`.

A version alone would come back: the versions of an item that is deleted and created again also begin with 1.
"""

import re

from shared.errors import InvalidParameterError

type Revision = tuple[int, str]
"""`version` and `created_at` of an item. No two states of an item have the same."""

_TAG_LIST = re.compile(r'(?:W/)?"[\x21\x23-\x7e]*"(?:\s*,\s*(?:W/)?"[\x21\x23-\x7e]*")*')
_STRONG_TAG = re.compile(r'(?<!/)"([1-9][0-9]{0,14})-([0-9TZ:.-]{24})"')
MAX_TAGS = 10


def entity_tag(version: int, created_at: str) -> str:
    """Return the ETag of an item, such as `"3-2026-01-01T00:00:00.000Z"`."""
    return f'"{version}-{created_at}"'


def revisions_matching(if_match: str | None) -> list[Revision] | None:
    """Return the revisions that an If-Match header allows, None for any revision, [] if no tag can match.

    Weak tags never match. Raises InvalidParameterError unless the header is a list of at most MAX_TAGS entity tags.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    if not _TAG_LIST.fullmatch(if_match.strip()):
        raise InvalidParameterError("If-Match must be an ETag of this API, with its quotation marks.")
    revisions = sorted({(int(version), created_at) for version, created_at in _STRONG_TAG.findall(if_match)})
    if len(revisions) > MAX_TAGS:
        raise InvalidParameterError(f"If-Match can have at most {MAX_TAGS} tags.")
    return revisions
