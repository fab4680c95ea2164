"""Inspection of a file that a client uploaded straight to S3. Needs the media layer."""

import base64
import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from media import content, files
from media.errors import FileRejectedError
from media.model import IMAGES, READY, REJECTED, TEXT, Media
from media.validation import MAX_IMAGE_BYTES
from shared.aws import ClientError, error_code, s3_client
from shared.clock import later

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


def find_upload(key: str, version_id: str) -> Upload:
    """Return a version of an object. Raises UploadGoneError."""
    with _raising_upload_gone():
        head = _s3.head_object(Bucket=_bucket(), Key=key, VersionId=version_id, ChecksumMode="ENABLED")
    checksum = head.get("ChecksumSHA256")
    sha256 = None if checksum is None else base64.b64decode(checksum).hex()
    return Upload(key, version_id, head["ContentLength"], sha256)


def inspect_upload(media: Media, upload: Upload) -> Media:
    """Return what a pending media becomes with this upload: ready with a stored thumbnail, or rejected with a reason.

    Images are read whole, up to MAX_IMAGE_BYTES, and texts in pieces, so that memory does not grow with the file.
    Raises UploadGoneError.
    """
    rest: Iterator[bytes] = iter(())
    if media.content_type == TEXT:
        rest = _read_pieces(upload)
        data = next(rest, b"")
    else:
        data = _read(upload, MAX_IMAGE_BYTES if media.content_type in IMAGES else content.HEAD_BYTES)
    try:
        found = content.inspect(media.content_type, data, upload.size, rest)
        sha256 = _confirmed(media.sha256, upload.sha256 or found.sha256)
    except FileRejectedError as error:
        return replace(
            media, status=REJECTED, reason=error.detail, size=upload.size, sha256=None, version_id=upload.version_id
        )
    return replace(
        media,
        status=READY,
        size=upload.size,
        sha256=sha256,
        width=found.width,
        height=found.height,
        version_id=upload.version_id,
        thumbnail_key=files.put_thumbnail(media, upload.version_id, found.thumbnail),
        shared_key=files.put_shared(media, upload.version_id, found.shared),
        expires_at=later(media.created_at, days=int(os.environ["MEDIA_RETENTION_DAYS"])),
    )


def _read(upload: Upload, most: int) -> bytes:
    """Return the first `most` bytes of an object. Raises UploadGoneError."""
    part: dict[str, Any] = {"Range": f"bytes=0-{most - 1}"} if upload.size > most else {}
    with _raising_upload_gone():
        answer = _s3.get_object(Bucket=_bucket(), Key=upload.key, VersionId=upload.version_id, **part)
    with contextlib.closing(answer["Body"]) as body:
        return body.read(most if part else None)  # a server may ignore the range (RFC 9110, section 14.2)


def _read_pieces(upload: Upload) -> Iterator[bytes]:
    """Yield an object in pieces of PIECE_BYTES. Raises UploadGoneError."""
    with _raising_upload_gone():
        answer = _s3.get_object(Bucket=_bucket(), Key=upload.key, VersionId=upload.version_id)
    with contextlib.closing(answer["Body"]) as body:
        while piece := body.read(PIECE_BYTES):
            yield piece


def _confirmed(announced: str | None, computed: str | None) -> str | None:
    """Return the checksum that S3 or this application computed, or None. Raises FileRejectedError if they differ."""
    if announced is not None and computed is not None and announced != computed:
        raise FileRejectedError("The file does not have the announced SHA-256.")
    return computed


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
