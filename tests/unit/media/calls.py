"""Requests to the media functions, and stored media."""

import base64
import json
from dataclasses import replace
from typing import Any

from dev.application import in_process
from media.model import READY, Activity, Media
from media.usage import Usage
from tests.media_files import MP4, PDF
from tests.multipart_forms import multipart

OWNER, OTHER = "owner-sub", "other-sub"
ID = "0123456789abcdef0123456789abcdef"
API_URL = "https://api.example.com/v1"


def media_event(
    body: Any = None,
    *,
    owner: str | None = OWNER,
    headers: dict[str, str] | None = None,
    query: dict[str, str] | None = None,
    **path: str,
) -> dict[str, Any]:
    """Return a REST proxy event. A `body` of bytes is sent as base64, text as it is, and other values as JSON."""
    return {
        "headers": headers,
        "queryStringParameters": query,
        "pathParameters": path or None,
        "stageVariables": {"ApiUrl": API_URL},
        "requestContext": {
            "path": "/v1/media",
            "requestId": "request-1",
            "authorizer": {"claims": {"sub": owner, "token_use": "id", "email": "canary@example.com"}},
        },
        "body": _text(body),
        "isBase64Encoded": isinstance(body, bytes),
    }


def _text(body: Any) -> str | None:
    if isinstance(body, bytes):
        return base64.b64encode(body).decode()
    return body if body is None or isinstance(body, str) else json.dumps(body)


def upload_event(data: bytes, content_type: str = "text/plain", **fields: str) -> dict[str, Any]:
    """Return a POST /media with a file. `fields` are name, caption and filename."""
    texts = {"name": "Name", "caption": "Caption", "filename": "notes.txt"} | fields
    filename = texts.pop("filename")
    body, form_type = multipart([*texts.items(), ("file", filename, content_type, data)])
    return media_event(body, headers={"Content-Type": form_type})


def a_media(**changes: Any) -> Media:
    """Return a media that is ready: a PDF that expires in 2999."""
    metadata: dict[str, Any] = {
        "id": ID,
        "owner": OWNER,
        "name": "Name",
        "caption": "Caption",
        "filename": "paper.pdf",
        "content_type": "application/pdf",
        "size": len(PDF),
        "sha256": "5e" * 32,
        "status": "ready",
        "created_at": "2026-03-01T12:00:00.000Z",
        "expires_at": "2999-01-01T00:00:00.000Z",
        "object_key": f"files/{OWNER}/{ID}",
        "version_id": "v1",
    }
    return Media(**(metadata | changes))


def pending(**changes: Any) -> Media:
    """Return a pending media: an MP4."""
    return a_media(
        **{
            "filename": "film.mp4",
            "content_type": "video/mp4",
            "size": len(MP4),
            "sha256": None,
            "status": "pending",
            "object_key": f"uploads/{OWNER}/{ID}",
            "version_id": None,
        }
        | changes
    )


def s3_event(*uploads: tuple[str, str]) -> dict[str, Any]:
    """Return the S3 event of objects, given by URL-encoded key and version id."""
    return {"Records": [{"s3": {"object": {"key": key, "versionId": version}}} for key, version in uploads]}


def items_of(media: Media, **activity: Any) -> list[dict[str, Any]]:
    """Return the items of a media: its own, and its activity if it is ready."""
    if media.status != READY:
        return [media.to_item()]
    return [media.to_item(), replace(Activity.of(media), **activity).to_item()]


def put(media: Media, **activity: Any) -> None:
    """Store the items of a media."""
    for item in items_of(media, **activity):
        in_process.client("dynamodb").put_item(TableName="MediaTable", Item=item)


def items() -> list[dict[str, Any]]:
    """Return all items of all media: each media before its activity."""
    found: list[dict[str, Any]] = in_process.client("dynamodb").scan(TableName="MediaTable")["Items"]
    return sorted((item for item in found if not is_usage(item)), key=lambda item: str(item["id"]["S"]))


def is_usage(item: dict[str, Any]) -> bool:
    return "bytes_by_day" in item


def stored_usage() -> Usage:
    """Return the usage of OWNER."""
    (item,) = filter(is_usage, in_process.client("dynamodb").scan(TableName="MediaTable")["Items"])
    return Usage.from_item(item)


def stored_activity() -> Activity:
    """Return the activity of ID."""
    _, item = items()
    return Activity.from_item(item)
