"""DELETE /media/{id}: delete a file in all its versions, its links, and the facts about it."""

from media import files, rules, store
from media.model import Media
from shared.api import Request, Response, api_handler
from shared.caller import caller_id
from shared.clock import now
from shared.observability import logger


@api_handler
def handler(request: Request) -> Response:
    """Answer 204. The facts go last, so that a deletion that was interrupted can be repeated."""
    owner = caller_id(request.claims)
    media_id = rules.check_id(request.path["id"])

    while not _delete(store.get_media(media_id, owner, now())):
        logger.info("upload settled meanwhile", media_id=media_id)  # which made new objects

    logger.info("media deleted", media_id=media_id)
    return Response(204)


def _delete(media: Media) -> bool:
    files.delete_objects_of(media)
    return store.delete_media(media)
