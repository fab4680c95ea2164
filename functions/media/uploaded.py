"""Reading of files that clients uploaded straight to the media bucket."""

import base64
import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shared.aws import ClientError, error_code, s3_client

PIECE_BYTES = 1024 * 1024

_GONE = {"NoSuchKey", "NoSuchVersion", "404"}

_s3 = s3_client()


@dataclass(frozen=True, slots=True)
class Upload:
    """One version of an object. S3 has computed `sha256` if the client asked for it; otherwise it is None."""

    key: str
    version_id: str
    size: int
    sha256: str | None


class UploadGoneError(Exception):
    """The version no longer exists: its owner or another event has deleted it."""


def find(key: str, version_id: str) -> Upload:
    """Return a version of an object. Raises UploadGoneError."""
    with _raising_upload_gone():
        head = _s3.head_object(Bucket=_bucket(), Key=key, VersionId=version_id, ChecksumMode="ENABLED")
    checksum = head.get("ChecksumSHA256")
    sha256 = None if checksum is None else base64.b64decode(checksum).hex()
    return Upload(key, version_id, head["ContentLength"], sha256)


def read(upload: Upload, most: int) -> bytes:
    """Return the first `most` bytes of an object. Raises UploadGoneError."""
    part: dict[str, Any] = {"Range": f"bytes=0-{most - 1}"} if upload.size > most else {}
    with _raising_upload_gone():
        answer = _s3.get_object(Bucket=_bucket(), Key=upload.key, VersionId=upload.version_id, **part)
    with contextlib.closing(answer["Body"]) as body:
        return body.read(most if part else None)  # a server may ignore the range (RFC 9110, section 14.2)


def read_pieces(upload: Upload) -> Iterator[bytes]:
    """Yield an object in pieces of PIECE_BYTES. Raises UploadGoneError."""
    with _raising_upload_gone():
        answer = _s3.get_object(Bucket=_bucket(), Key=upload.key, VersionId=upload.version_id)
    with contextlib.closing(answer["Body"]) as body:
        while piece := body.read(PIECE_BYTES):
            yield piece


@contextlib.contextmanager
def _raising_upload_gone() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error_code(error) not in _GONE:
            raise
        raise UploadGoneError from error


def _bucket() -> str:
    return os.environ["MEDIA_BUCKET"]
