"""ETag and If-Match (RFC 9110, section 13.1.1) over an item's `version`."""

import re

from shared.errors import InvalidParameterError

_TAG_LIST = re.compile(r'(?:W/)?"[\x21\x23-\x7e]*"(?:\s*,\s*(?:W/)?"[\x21\x23-\x7e]*")*')
_STRONG_TAG = re.compile(r'(?<!/)"([1-9][0-9]{0,14})"')
MAX_TAGS = 10


def entity_tag(version: int) -> str:
    """Return the ETag of a version."""
    return f'"{version}"'


def versions_matching(if_match: str | None) -> list[int] | None:
    """Return the versions that an If-Match header allows, None for any version, [] if no tag can match.

    Weak tags never match. Raises InvalidParameterError unless the header is a list of at most MAX_TAGS entity tags.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    if not _TAG_LIST.fullmatch(if_match.strip()):
        raise InvalidParameterError('If-Match must be a quoted ETag, such as "3".')
    versions = sorted({int(tag) for tag in _STRONG_TAG.findall(if_match)})
    if len(versions) > MAX_TAGS:
        raise InvalidParameterError(f"If-Match can have at most {MAX_TAGS} tags.")
    return versions
