"""DELETE /media/{id}/links: revoke all share links of a media."""

from media import links, store, validation
from shared.api import Request, Response, api_handler
from shared.caller import caller_id
from shared.clock import now
from shared.observability import logger


@api_handler
def handler(request: Request) -> Response:
    """Return 204, also if there was no link. Afterwards every link answers 404."""
    owner = caller_id(request.claims)
    media = store.get_media(validation.check_id(request.path_parameters["id"]), owner, now())

    links.remove_links(media.id)

    logger.info("all links revoked", media_id=media.id)
    return Response(204)
