"""The bucket of media: files, thumbnails, and the forms and links that S3 honours by itself."""

import base64
import contextlib
import os
import re
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from media.model import Media
from shared.aws import ClientError, error_code, s3_client

FORM_SECONDS = 300
LINK_SECONDS = 300
THUMBNAIL_TYPE = "image/webp"

_GONE = {"NoSuchKey", "NoSuchVersion", "404"}

_s3 = s3_client()


@dataclass(frozen=True, slots=True)
class Upload:
    """One version of an object; `sha256` is S3's own finding, None where it was not asked to find it."""

    key: str
    version_id: str
    size: int
    sha256: str | None


class UploadGoneError(Exception):
    """The version is there no more: its owner deleted it, or another event did."""


def file_key(owner: str, media_id: str) -> str:
    """Return where a file goes that came through a function."""
    return f"files/{owner}/{media_id}"


def upload_key(owner: str, media_id: str) -> str:
    """Return where a file goes that S3 takes by itself, and tells OnMediaUploadFunction of."""
    return f"uploads/{owner}/{media_id}"


def put_file(media: Media, data: bytes) -> str:
    """Put a media's file. Returns its version id."""
    answer = _s3.put_object(
        Bucket=_bucket(),
        Key=media.object_key,
        Body=data,
        ContentType=media.content_type,
        ContentDisposition=_attachment(media.saved_as),
    )
    return answer["VersionId"]


def put_thumbnail(media: Media, version_id: str, data: bytes | None) -> str | None:
    """Put the thumbnail of one version of a file, if there is one. Returns its key."""
    if data is None:
        return None
    key = f"thumbnails/{media.owner}/{media.id}/{version_id}"
    _s3.put_object(Bucket=_bucket(), Key=key, Body=data, ContentType=THUMBNAIL_TYPE)
    return key


def upload_form(media: Media) -> dict[str, Any]:
    """Return a form for one file of just this key, size, type and, where it is promised, content.

    S3 checks all of it (RESTObjectPOST, "Additional checksum request form fields"), so that a form that is sent
    again changes nothing that matters.
    """
    fields = {
        "Content-Type": media.content_type,
        "Content-Disposition": _attachment(media.saved_as),
        "success_action_status": "204",
    }
    if media.sha256 is not None:
        checksum = base64.b64encode(bytes.fromhex(media.sha256)).decode()
        fields |= {"x-amz-checksum-algorithm": "SHA256", "x-amz-checksum-sha256": checksum}
    conditions: list[Any] = [{name: value} for name, value in fields.items()]
    form = _s3.generate_presigned_post(
        Bucket=_bucket(),
        Key=media.object_key,
        Fields=fields,
        Conditions=[*conditions, ["content-length-range", media.size, media.size]],
        ExpiresIn=FORM_SECONDS,
    )
    return {"url": form["url"], "fields": form["fields"], "expires_in": FORM_SECONDS}


def download_link(media: Media) -> str:
    """Return a link to the file for minutes: saved, not shown, as the type that was found in it.

    The object says the same of itself, for whoever else links to it.
    """
    return _link(
        Key=media.object_key,
        VersionId=media.version_id,
        ResponseContentDisposition=_attachment(media.saved_as),
        ResponseContentType=media.content_type,
        ResponseCacheControl="private, no-store",
    )


def thumbnail_link(media: Media) -> str | None:
    """Return a link to the thumbnail for minutes, None where there is none."""
    return None if media.thumbnail_key is None else _link(Key=media.thumbnail_key)


def find_upload(key: str, version_id: str) -> Upload:
    """Return what is known of a version of an object. Raises UploadGoneError."""
    with _noticing_what_is_gone():
        head = _s3.head_object(Bucket=_bucket(), Key=key, VersionId=version_id, ChecksumMode="ENABLED")
    checksum = head.get("ChecksumSHA256")
    sha256 = None if checksum is None else base64.b64decode(checksum).hex()
    return Upload(key, version_id, head["ContentLength"], sha256)


def read_upload(upload: Upload, most: int) -> bytes:
    """Return an object's first bytes, `most` of them or all. Raises UploadGoneError."""
    part: dict[str, Any] = {"Range": f"bytes=0-{most - 1}"} if upload.size > most else {}
    with _noticing_what_is_gone():
        answer = _s3.get_object(Bucket=_bucket(), Key=upload.key, VersionId=upload.version_id, **part)
    with contextlib.closing(answer["Body"]) as body:
        return body.read(most if part else None)  # who does not know ranges sends all of it (RFC 9110, section 14.2)


@contextlib.contextmanager
def _noticing_what_is_gone() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error_code(error) not in _GONE:
            raise
        raise UploadGoneError from error


def delete_version(key: str, version_id: str) -> None:
    """Delete one version of an object for good. One that is gone already is no error."""
    _s3.delete_object(Bucket=_bucket(), Key=key, VersionId=version_id)


def delete_thumbnail(media: Media) -> None:
    """Delete a thumbnail that turned out to be of no use. Its bytes go with the bucket's old versions."""
    if media.thumbnail_key is not None:
        _s3.delete_object(Bucket=_bucket(), Key=media.thumbnail_key)


def delete_objects_of(media: Media) -> None:
    """Delete the file and its thumbnails, every version of them, and what other uploads left."""
    _delete_versions(media.object_key)
    _delete_versions(f"thumbnails/{media.owner}/{media.id}/")


def _delete_versions(prefix: str) -> None:
    """One by one: the right to delete many at once is one to delete without naming a version."""
    pages = _s3.get_paginator("list_object_versions").paginate(Bucket=_bucket(), Prefix=prefix)
    for page in pages:
        for version in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
            delete_version(version["Key"], version["VersionId"])


def _bucket() -> str:
    return os.environ["MEDIA_BUCKET"]


def _link(**what: Any) -> str:
    return _s3.generate_presigned_url("get_object", Params={"Bucket": _bucket(), **what}, ExpiresIn=LINK_SECONDS)


def _attachment(filename: str) -> str:
    """Content-Disposition (RFC 6266): the name in UTF-8, and for old programs what is left of it in ASCII."""
    ascii_only = re.sub(r"[^A-Za-z0-9._ -]", "_", filename)
    return f"attachment; filename=\"{ascii_only}\"; filename*=UTF-8''{urllib.parse.quote(filename, safe='')}"
