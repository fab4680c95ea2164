"""What became of a file that S3 took by itself: looked at once it is there. Needs the media layer."""

import os
from dataclasses import replace

from media import content, files
from media.errors import FileRejectedError
from media.files import Upload
from media.model import Media
from media.rules import IMAGES, MAX_IMAGE_BYTES, READY, REJECTED
from shared.clock import later


def examine(media: Media, upload: Upload) -> Media:
    """Return a pending media as the upload makes it: ready, its thumbnail written, or rejected for a reason.

    Only an image is read whole, and how large it may be is bounded: nothing here grows with the file.
    """
    data = files.read_upload(upload, MAX_IMAGE_BYTES if media.content_type in IMAGES else content.HEAD_BYTES)
    try:
        found = content.inspect(media.content_type, data, upload.size)
        sha256 = _confirmed(media.sha256, upload.sha256 or found.sha256)
    except FileRejectedError as refusal:
        return replace(
            media, status=REJECTED, reason=refusal.detail, size=upload.size, sha256=None, version_id=upload.version_id
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
        expires_at=later(media.created_at, days=int(os.environ["MEDIA_RETENTION_DAYS"])),
    )


def _confirmed(promised: str | None, found: str | None) -> str | None:
    """Return a checksum that was found by us or by S3, None where neither did. Raises FileRejectedError."""
    if promised is not None and found is not None and promised != found:
        raise FileRejectedError("The file is not the one whose SHA-256 was promised.")
    return found
