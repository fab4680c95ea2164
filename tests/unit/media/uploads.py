"""Uploads to S3, and their events."""

from typing import Any

from dev.application.in_process import lambda_context
from media import store
from media.model import Media
from media.on_upload import handler
from tests.media_files import MP4
from tests.unit.media.calls import ID, items, pending, s3_event
from tests.unit.media.conftest import Bucket


def expect(**metadata: Any) -> Media:
    """Store a pending media: an MP4, unless `metadata` differs."""
    media = pending(**metadata)
    store.put_media(media)
    return media


def send(bucket: Bucket, media: Media, data: bytes = MP4, **how: Any) -> str:
    """Put a file under the key of its presigned POST. Returns its version id."""
    return bucket.put(media.object_key, data, ContentType=media.content_type, **how)


def tell(media: Media, *versions: str) -> None:
    """Invoke the function with an event of these versions of a media's file."""
    handler(s3_event(*((media.object_key, version) for version in versions)), lambda_context())


def stored() -> Media:
    """Return the stored media, expired or not."""
    item = items()[0]
    assert item["id"] == {"S": ID}
    return Media.from_item(item)
