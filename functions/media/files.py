"""Access to the media bucket: files, thumbnails, copies for share links, and presigned URLs and POSTs."""

import base64
import os
import re
import urllib.parse
from typing import Any

from media.model import Media
from shared.aws import s3_client

POST_SECONDS = 300
URL_SECONDS = 300
THUMBNAIL_TYPE = "image/webp"

_MADE = ("thumbnails", "shared")
"""Prefixes of the objects that are made from a version of a file."""

_s3 = s3_client()


def file_key(owner: str, media_id: str) -> str:
    """Return the key of a file that a function stores."""
    return f"files/{owner}/{media_id}"


def upload_key(owner: str, media_id: str) -> str:
    """Return the key of a file that a client uploads to S3. OnMediaUploadFunction receives its events."""
    return f"uploads/{owner}/{media_id}"


def put_file(media: Media, data: bytes) -> str:
    """Store the file of a media. Returns its version id."""
    answer = _s3.put_object(
        Bucket=_bucket(),
        Key=media.object_key,
        Body=data,
        ContentType=media.content_type,
        ContentDisposition=_attachment(media.saved_as),
    )
    return answer["VersionId"]


def put_thumbnail(media: Media, version_id: str, data: bytes | None) -> str | None:
    """Store the thumbnail of a version of a file. Returns its key, or None if there is no thumbnail."""
    return _put_made("thumbnails", media, version_id, data, ContentType=THUMBNAIL_TYPE)


def put_shared(media: Media, version_id: str, data: bytes | None) -> str | None:
    """Store a copy of a version of a file for share links. Returns its key, or None if there is no copy."""
    disposition = _attachment(media.saved_as)
    return _put_made("shared", media, version_id, data, ContentType=media.content_type, ContentDisposition=disposition)


def _put_made(kind: str, media: Media, version_id: str, data: bytes | None, **headers: Any) -> str | None:
    if data is None:
        return None
    key = _made_key(kind, media.object_key, version_id)
    _s3.put_object(Bucket=_bucket(), Key=key, Body=data, **headers)
    return key


def presigned_post(media: Media) -> dict[str, Any]:
    """Return a presigned POST for this key, size, type and, if announced, SHA-256.

    S3 checks all of them (RESTObjectPOST, "Additional checksum request form fields").
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
    post = _s3.generate_presigned_post(
        Bucket=_bucket(),
        Key=media.object_key,
        Fields=fields,
        Conditions=[*conditions, ["content-length-range", media.size, media.size]],
        ExpiresIn=POST_SECONDS,
    )
    return {"url": post["url"], "fields": post["fields"], "expires_in": POST_SECONDS}


def download_url(media: Media) -> str:
    """Return a presigned URL of the file, valid for URL_SECONDS. Browsers save the file and do not display it.

    The object has the same type and disposition, because emulators ignore these parameters (docs/local-stack.md).
    """
    return _attachment_url(media, Key=media.object_key, VersionId=media.version_id)


def shared_url(media: Media) -> str:
    """Return a URL as `download_url` does, of the copy without metadata if there is one."""
    return download_url(media) if media.shared_key is None else _attachment_url(media, Key=media.shared_key)


def _attachment_url(media: Media, **file: str | None) -> str:
    return _presigned_url(
        **file,
        ResponseContentDisposition=_attachment(media.saved_as),
        ResponseContentType=media.content_type,
        ResponseCacheControl="private, no-store",
    )


def thumbnail_url(media: Media) -> str | None:
    """Return a presigned URL of the thumbnail, valid for URL_SECONDS, or None if there is no thumbnail."""
    return None if media.thumbnail_key is None else _presigned_url(Key=media.thumbnail_key)


def delete_version(key: str, version_id: str) -> None:
    """Delete one version of an object permanently, if it exists."""
    _s3.delete_object(Bucket=_bucket(), Key=key, VersionId=version_id)


def delete_upload(key: str, version_id: str) -> None:
    """Delete one version of an object, and every version of its thumbnail and its copy."""
    delete_version(key, version_id)
    for kind in _MADE:
        _delete_versions(_made_key(kind, key, version_id))


def delete_objects(media: Media) -> None:
    """Delete every version of the file, of its thumbnails and of its copies."""
    _delete_versions(media.object_key)
    for kind in _MADE:
        _delete_versions(_made_key(kind, media.object_key, ""))


def _delete_versions(prefix: str) -> None:
    """Delete one by one: the permission for DeleteObjects also covers deletion without a version id."""
    pages = _s3.get_paginator("list_object_versions").paginate(Bucket=_bucket(), Prefix=prefix)
    for page in pages:
        for version in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
            delete_version(version["Key"], version["VersionId"])


def _made_key(kind: str, object_key: str, version_id: str) -> str:
    return f"{kind}/{object_key.partition('/')[2]}/{version_id}"


def _bucket() -> str:
    return os.environ["MEDIA_BUCKET"]


def _presigned_url(**params: Any) -> str:
    return _s3.generate_presigned_url("get_object", Params={"Bucket": _bucket(), **params}, ExpiresIn=URL_SECONDS)


def _attachment(filename: str) -> str:
    """Return a Content-Disposition (RFC 6266) with the name in UTF-8, and in ASCII for old programs."""
    ascii_only = re.sub(r"[^A-Za-z0-9._ -]", "_", filename)
    return f"attachment; filename=\"{ascii_only}\"; filename*=UTF-8''{urllib.parse.quote(filename, safe='')}"
