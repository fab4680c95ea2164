"""POST /media: store a file of up to 4 MiB that the request contains."""

import os
from dataclasses import replace

from media import content, files, store
from media.errors import MediaNotFoundError
from media.form import Form, read_form
from media.model import PENDING, READY, Media
from shared.api import Request, Response, api_handler
from shared.caller import caller_id
from shared.clock import later, now
from shared.ids import new_id
from shared.observability import logger


@api_handler
def handler(request: Request) -> Response:
    """Return 201 with the media, which is ready, and its Location. Rejected files are not stored."""
    owner = caller_id(request.claims)
    form = read_form(request)
    found = content.inspect(form.declared_type, form.data, len(form.data))

    media = _store(_new_media(owner, form, found), form, found)

    logger.info("media uploaded", media_id=media.id, size=media.size, content_type=media.content_type)
    location = f"{request.path.rstrip('/')}/{media.id}"
    return Response(201, media.to_json(request.api_url), {"Location": location})


def _new_media(owner: str, form: Form, found: content.Content) -> Media:
    media_id, created_at = new_id(), now()
    return Media(
        id=media_id,
        owner=owner,
        name=form.name,
        caption=form.caption,
        filename=form.filename,
        content_type=found.content_type,
        size=len(form.data),
        sha256=found.sha256,
        width=found.width,
        height=found.height,
        status=PENDING,
        created_at=created_at,
        expires_at=later(created_at, days=int(os.environ["MEDIA_RETENTION_DAYS"])),
        object_key=files.file_key(owner, media_id),
    )


def _store(media: Media, form: Form, found: content.Content) -> Media:
    """Store the metadata first: if a later step fails, the owner sees a pending media and can delete it.

    Raises MediaQuotaExceededError, and MediaNotFoundError if the owner deletes it during the upload.
    """
    store.put_media(media)
    version_id = files.put_file(media, form.data)
    stored = replace(
        media,
        status=READY,
        version_id=version_id,
        thumbnail_key=files.put_thumbnail(media, version_id, found.thumbnail),
        shared_key=files.put_shared(media, version_id, found.shared),
    )
    try:
        store.complete_upload(media, stored, now())
    except store.MediaChangedError as failure:
        files.delete_objects(stored)
        raise MediaNotFoundError from failure
    return stored
