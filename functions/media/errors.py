"""Refusals of media, each with its stable code."""

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
        super().__init__("There is no such link, or it was revoked.")


class LinkExpiredError(GoneError):
    code = "LinkExpired"

    def __init__(self) -> None:
        super().__init__("The link has expired. Ask whoever sent it for another.")


class TooManyLinksError(ConflictError):
    code = "TooManyLinks"


class FileTooLargeError(TooLargeError):
    code = "FileTooLarge"


class FileRejectedError(UnprocessableError):
    """The file itself is at fault; `detail` is the reason that its owner sees."""

    code = "FileRejected"
