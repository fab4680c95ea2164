"""Errors that end a command with a message instead of a traceback."""

import contextlib
import sys
from collections.abc import Iterator


class DevError(Exception):
    """The message says what is wrong and what to do."""


@contextlib.contextmanager
def exits_with(code: int) -> Iterator[None]:
    """End the process with a message and an exit code after DevError, or an error of a file, of AWS or of its SDK."""
    try:
        yield
    except Exception as error:
        message = _message(error)
        if message is None:
            raise
        print(f"error: {message}", file=sys.stderr)
        raise SystemExit(code) from None


def _message(error: Exception) -> str | None:
    """Return the message of an error that a user can correct, None for any other."""
    if isinstance(error, DevError):
        return str(error)
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.strerror}: {error.filename}"
    from botocore.exceptions import BotoCoreError, ClientError, NoRegionError

    if isinstance(error, BotoCoreError | ClientError):
        return f"{error}{' Set AWS_DEFAULT_REGION.' if isinstance(error, NoRegionError) else ''}"
    return None
