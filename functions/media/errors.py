"""Errors of the media routes, each with its stable code."""

from shared.errors import ConflictError, GoneError, NotFoundError, TooLargeError, UnprocessableError


class MediaNotFoundError(NotFoundError):
    code = "MediaNotFound"

    def __init__(self) -> None:
        super().__init__("The caller has no media with this id.")


class MediaNotReadyError(ConflictError):
    code = "MediaNotReady"


class MediaExpiredError(GoneError):
    code = "MediaExpired"

    def __init__(self) -> None:
        super().__init__("The media has expired.")


class LinkNotFoundError(NotFoundError):
    code = "LinkNotFound"

    def __init__(self) -> None:
        super().__init__("The link does not exist, or it was revoked.")


class LinkExpiredError(GoneError):
    code = "LinkExpired"

    def __init__(self) -> None:
        super().__init__("The link has expired. Ask the sender for a new one.")


class TooManyLinksError(ConflictError):
    code = "TooManyLinks"


class MediaQuotaExceededError(ConflictError):
    code = "MediaQuotaExceeded"


class FileTooLargeError(TooLargeError):
    code = "FileTooLarge"


class FileRejectedError(UnprocessableError):
    """The content of the file is not accepted. The owner sees `detail`, as the media's `reason`."""

    code = "FileRejected"
