"""DELETE /media/{id}: delete a file in all its versions, its links, and its metadata."""

from media import activity, files, store, validation
from shared.api import Request, Response, api_handler
from shared.caller import caller_id
from shared.clock import now
from shared.observability import logger


@api_handler
def handler(request: Request) -> Response:
    """Return 204."""
    owner = caller_id(request.claims)
    media_id = validation.check_id(request.path_parameters["id"])

    try:
        _delete(media_id, owner)
    except store.MediaChangedError:
        # The upload completed meanwhile and wrote new objects. It completes only once, so the second attempt succeeds.
        logger.info("upload completed during deletion", media_id=media_id)
        _delete(media_id, owner)

    logger.info("media deleted", media_id=media_id)
    return Response(204)


def _delete(media_id: str, owner: str) -> None:
    """Delete the links first and the metadata last, so that an interrupted deletion can be repeated."""
    media = store.get_media(media_id, owner, now())
    activity.delete_activity(media_id)
    files.delete_objects(media)
    store.delete_media(media)
