"""Paged lists: `limit` and an opaque `cursor` in, `next_cursor` out.

A cursor holds the last sort key and nothing else. The partition always comes from the authorised path, so
no cursor, however made up, leads into another one.
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping

from shared.errors import InvalidCursorError, InvalidParameterError

DEFAULT_LIMIT = 25
MAX_LIMIT = 100
_LIMIT = re.compile(r"[1-9][0-9]{0,2}")


def page_limit(query: Mapping[str, str]) -> int:
    """Return the page size asked for. Raises InvalidParameterError unless it is 1..MAX_LIMIT."""
    text = query.get("limit", str(DEFAULT_LIMIT))
    if not _LIMIT.fullmatch(text) or int(text) > MAX_LIMIT:
        raise InvalidParameterError(f"limit must be a whole number from 1 to {MAX_LIMIT}.")
    return int(text)


def encode_cursor(sort_key: str) -> str:
    """Return the cursor that continues after `sort_key`."""
    return base64.urlsafe_b64encode(json.dumps([sort_key]).encode()).decode().rstrip("=")


def decode_cursor(cursor: str) -> str:
    """Return the sort key in `cursor`, unchecked. Raises InvalidCursorError if no list could have given it."""
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        (sort_key,) = json.loads(text)
    except (binascii.Error, ValueError, TypeError, RecursionError) as error:
        raise InvalidCursorError from error
    if not isinstance(sort_key, str) or encode_cursor(sort_key) != cursor:
        raise InvalidCursorError
    return sort_key
