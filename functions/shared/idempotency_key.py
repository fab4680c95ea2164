"""The Idempotency-Key header. What is remembered of it is each feature's own: see `shared.idempotency`."""

import re

from shared.api import Request
from shared.errors import InvalidParameterError, UnprocessableError

_KEY = re.compile(r"[\x21-\x7e]{1,255}")


class IdempotencyKeyReusedError(UnprocessableError):
    code = "IdempotencyKeyReused"


def idempotency_key(request: Request) -> str | None:
    """Return the request's Idempotency-Key. Raises InvalidParameterError unless it is 1..255 visible characters."""
    key = request.headers.get("idempotency-key")
    if key is not None and not _KEY.fullmatch(key):
        raise InvalidParameterError("Idempotency-Key takes 1 to 255 visible ASCII characters.")
    return key
