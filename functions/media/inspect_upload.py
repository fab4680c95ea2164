"""Inspection of a file that a client uploaded straight to S3. Needs the media layer."""

import os
from collections.abc import Iterator
from dataclasses import replace

from media import content, files, uploaded
from media.errors import FileRejectedError
from media.model import IMAGES, READY, REJECTED, TEXT, Media
from media.uploaded import Upload
from media.validation import MAX_IMAGE_BYTES
from shared.clock import later


def inspect_upload(media: Media, upload: Upload) -> Media:
    """Return what a pending media becomes with this upload: ready with a stored thumbnail, or rejected with a reason.

    Images are read whole, up to MAX_IMAGE_BYTES, and texts in pieces, so that memory does not grow with the file.
    """
    rest: Iterator[bytes] = iter(())
    if media.content_type == TEXT:
        rest = uploaded.read_pieces(upload)
        data = next(rest, b"")
    else:
        data = uploaded.read(upload, MAX_IMAGE_BYTES if media.content_type in IMAGES else content.HEAD_BYTES)
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


def _confirmed(announced: str | None, computed: str | None) -> str | None:
    """Return the checksum that S3 or this application computed, or None. Raises FileRejectedError if they differ."""
    if announced is not None and computed is not None and announced != computed:
        raise FileRejectedError("The file does not have the announced SHA-256.")
    return computed
