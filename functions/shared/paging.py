"""Paged lists: `limit` and an opaque `cursor` in, `items` and `next_cursor` out.

A cursor contains the last sort key only. The partition key always comes from the authorized request, so a forged
cursor cannot reach another partition.
"""

import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from shared.api import Response
from shared.errors import InvalidCursorError, InvalidParameterError

DEFAULT_LIMIT = 25
MAX_LIMIT = 100
_LIMIT = re.compile(r"[1-9][0-9]{0,2}")


def requested_page(query: Mapping[str, str], sort_key: re.Pattern[str]) -> tuple[int, str | None]:
    """Return the page size and the sort key to continue after, None for the first page.

    Raises InvalidParameterError unless `limit` is 1..MAX_LIMIT, and InvalidCursorError unless `cursor` contains a
    sort key that matches.
    """
    limit = query.get("limit", str(DEFAULT_LIMIT))
    if not _LIMIT.fullmatch(limit) or int(limit) > MAX_LIMIT:
        raise InvalidParameterError(f"limit must be a whole number from 1 to {MAX_LIMIT}.")
    after = _decode(query["cursor"]) if "cursor" in query else None
    if after is not None and not sort_key.fullmatch(after):
        raise InvalidCursorError
    return int(limit), after


def page_response(items: Sequence[Mapping[str, Any]], last: str | None) -> Response:
    """Return 200 with a page; `last` is its last sort key if more items may follow."""
    return Response(200, {"items": items, "next_cursor": None if last is None else _encode(last)})


def _encode(sort_key: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([sort_key]).encode()).decode().rstrip("=")


def _decode(cursor: str) -> str:
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        (sort_key,) = json.loads(text)
    except (binascii.Error, ValueError, TypeError, RecursionError) as error:
        raise InvalidCursorError from error
    if not isinstance(sort_key, str) or _encode(sort_key) != cursor:  # one spelling only
        raise InvalidCursorError
    return sort_key
