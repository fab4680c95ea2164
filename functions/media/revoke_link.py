"""DELETE /media/{id}/links/{link_id}: revoke a share link."""

from media import links, store, validation
from shared.api import Request, Response, api_handler
from shared.caller import caller_id
from shared.clock import now
from shared.observability import logger


@api_handler
def handler(request: Request) -> Response:
    """Return 204. Afterwards the link answers 404."""
    owner = caller_id(request.claims)
    link_id = validation.check_link_id(request.path_parameters["link_id"])
    media = store.get_media(validation.check_id(request.path_parameters["id"]), owner, now())

    links.remove_link(media.id, link_id)

    logger.info("link revoked", media_id=media.id, link_id=link_id)
    return Response(204)
