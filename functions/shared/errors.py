"""Errors that a caller may see, raised by meaning and turned into problem+json in one place, `shared.api`.

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
    ├── RetryLaterError         with Retry-After
    │   └── ThrottledError      429
    └── InternalError           500, nothing of what happened

A feature gives its own codes by subclassing, as in `products.model`.
"""


class ProblemError(Exception):
    """An expected refusal. `detail` is shown to the caller: it says what to do, and holds no other's data."""

    status: int
    code: str
    title: str

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail

    @property
    def headers(self) -> dict[str, str]:
        """Headers that this kind of refusal adds to its answer."""
        return {}


class InvalidRequestError(ProblemError):
    status, code, title = 400, "InvalidRequest", "Invalid request"


class InvalidBodyError(InvalidRequestError):
    code = "InvalidBody"


class InvalidParameterError(InvalidRequestError):
    code = "InvalidParameter"


class InvalidCursorError(InvalidRequestError):
    code = "InvalidCursor"

    def __init__(self) -> None:
        super().__init__("Send the next_cursor of a list as it came.")


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


class RetryLaterError(ProblemError):
    """A refusal that a repeat of the same request may not meet."""

    @property
    def headers(self) -> dict[str, str]:
        return {"Retry-After": "1"}


class ThrottledError(RetryLaterError):
    status, code, title = 429, "Throttled", "Too many requests"


class InternalError(ProblemError):
    status, code, title = 500, "InternalError", "Internal error"
