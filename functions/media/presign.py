"""POST /media/uploads: prepare a file that goes to S3 by itself, and is looked at once it is there."""

import uuid
from typing import Any

from media import files, rules, store
from media.model import Media
from shared.api import Request, Response, api_handler
from shared.body import json_body
from shared.caller import caller_id
from shared.clock import later, now
from shared.observability import logger

PENDING_SECONDS = 24 * 3600
"""An upload that is not complete by then is forgotten. The form itself is good for minutes."""

parse_body = json_body(rules.NEW_UPLOAD)


@api_handler
def handler(request: Request) -> Response:
    """Answer 201 with the id of the pending media, and the form that S3 takes for it."""
    owner = caller_id(request.claims)
    media = _new_media(owner, parse_body(request))

    store.put_media(media)

    logger.info("upload expected", media_id=media.id, size=media.size, content_type=media.content_type)
    return Response(201, {"id": media.id, "upload": files.upload_form(media)})


def _new_media(owner: str, body: dict[str, Any]) -> Media:
    rules.check_texts(body["name"], body["caption"], body["filename"])
    rules.check_size(body["content_type"], body["size"])
    media_id, created_at = uuid.uuid4().hex, now()
    return Media(
        id=media_id,
        owner=owner,
        name=body["name"],
        caption=body["caption"],
        filename=body["filename"],
        content_type=body["content_type"],
        size=body["size"],
        sha256=body.get("sha256"),
        status=rules.PENDING,
        created_at=created_at,
        expires_at=later(created_at, seconds=PENDING_SECONDS),
        object_key=files.upload_key(owner, media_id),
    )
