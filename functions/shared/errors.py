"""Errors that callers may see. `shared.api` turns them into problem+json.

    ProblemError            status and code of the answer
    ├── InvalidRequestError     400
    ├── ForbiddenError          403
    ├── NotFoundError           404
    ├── ConflictError           409
    ├── GoneError               410
    ├── PreconditionFailedError 412
    ├── TooLargeError           413
    ├── UnsupportedMediaTypeError 415
    ├── UnprocessableError      422
    ├── PreconditionRequiredError 428
    ├── RetryLaterError         with Retry-After
    │   ├── ThrottledError      429
    │   └── UnavailableError    503
    └── InternalError           500, without details

Features define their own codes in subclasses, as in `products.model`.
"""

from collections.abc import Mapping
from typing import ClassVar


class ProblemError(Exception):
    """An expected error. `detail` tells the caller what to do, and contains no other caller's data."""

    status: int
    code: str
    title: str
    headers: ClassVar[Mapping[str, str]] = {}
    """Headers that this error adds to the response."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class InvalidRequestError(ProblemError):
    status, code, title = 400, "InvalidRequest", "Invalid request"


class InvalidBodyError(InvalidRequestError):
    code = "InvalidBody"


class InvalidParameterError(InvalidRequestError):
    code = "InvalidParameter"


class InvalidCursorError(InvalidRequestError):
    code = "InvalidCursor"

    def __init__(self) -> None:
        super().__init__("cursor must be the next_cursor of an earlier page, unchanged.")


class ForbiddenError(ProblemError):
    status, code, title = 403, "Forbidden", "Forbidden"


class NotFoundError(ProblemError):
    status, code, title = 404, "NotFound", "Not found"


class ConflictError(ProblemError):
    status, code, title = 409, "Conflict", "Conflict"


class GoneError(ProblemError):
    status, code, title = 410, "Gone", "Gone"


class PreconditionFailedError(ProblemError):
    status, code, title = 412, "PreconditionFailed", "Precondition failed"


class TooLargeError(ProblemError):
    status, code, title = 413, "RequestTooLarge", "Request too large"


class UnsupportedMediaTypeError(ProblemError):
    status, code, title = 415, "UnsupportedMediaType", "Unsupported media type"


class UnprocessableError(ProblemError):
    status, code, title = 422, "Unprocessable", "Unprocessable request"


class PreconditionRequiredError(ProblemError):
    status, code, title = 428, "PreconditionRequired", "Precondition required"


class RetryLaterError(ProblemError):
    """A temporary error: the same request may succeed later."""

    headers: ClassVar[Mapping[str, str]] = {"Retry-After": "1"}


class ThrottledError(RetryLaterError):
    status, code, title = 429, "Throttled", "Too many requests"


class UnavailableError(RetryLaterError):
    status, code, title = 503, "ServiceUnavailable", "Service unavailable"


class InternalError(ProblemError):
    status, code, title = 500, "InternalError", "Internal error"
