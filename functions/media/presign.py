"""POST /media/uploads: prepare the upload of a file straight to S3. OnMediaUploadFunction inspects it there."""

from typing import Any

from media import files, store, validation
from media.model import PENDING, Media
from shared.api import Request, Response, api_handler
from shared.body import json_body
from shared.caller import caller_id
from shared.clock import later, now
from shared.ids import new_id
from shared.observability import logger

PENDING_SECONDS = 24 * 3600
"""A pending media expires after this time. The presigned POST expires after `files.POST_SECONDS`."""

parse_body = json_body(validation.NEW_UPLOAD)


@api_handler
def handler(request: Request) -> Response:
    """Return 201 with the id of the pending media and the presigned POST."""
    owner = caller_id(request.claims)
    media = _new_media(owner, parse_body(request))

    store.put_media(media)

    logger.info("upload prepared", media_id=media.id, size=media.size, content_type=media.content_type)
    return Response(201, {"id": media.id, "upload": files.presigned_post(media)})


def _new_media(owner: str, body: dict[str, Any]) -> Media:
    validation.check_texts(body["name"], body["caption"], body["filename"])
    validation.check_size(body["content_type"], body["size"])
    media_id, created_at = new_id(), now()
    return Media(
        id=media_id,
        owner=owner,
        name=body["name"],
        caption=body["caption"],
        filename=body["filename"],
        content_type=body["content_type"],
        size=body["size"],
        sha256=body.get("sha256"),
        status=PENDING,
        created_at=created_at,
        expires_at=later(created_at, seconds=PENDING_SECONDS),
        object_key=files.upload_key(owner, media_id),
    )
