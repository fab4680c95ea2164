"""Uploads as S3 takes them by itself, and the function that it tells of them."""

from typing import Any

from dev.application.in_process import lambda_context
from media import store
from media.model import Media
from media.on_upload import handler
from tests.media_files import MP4
from tests.unit.media.calls import ID, items, pending, s3_event
from tests.unit.media.conftest import Bucket


def expect(**facts: Any) -> Media:
    """Put a pending media: an MP4, unless `facts` say otherwise."""
    media = pending(**facts)
    store.put_media(media)
    return media


def send(bucket: Bucket, media: Media, data: bytes = MP4, **how: Any) -> str:
    """Put a file where its form has it. Returns its version id."""
    return bucket.put(media.object_key, data, ContentType=media.content_type, **how)


def tell(media: Media, *versions: str) -> None:
    """Tell the function of versions of a media's file."""
    handler(s3_event(*((media.object_key, version) for version in versions)), lambda_context())


def stored() -> Media:
    """Return the media as it is now, expired or not."""
    (item,) = items()
    assert item["id"] == {"S": ID}
    return Media.from_item(item)
