"""DELETE /media/{id}/links/{link_id}: revoke a share link."""

from media import links, validation
from shared.api import Request, Response, api_handler
from shared.caller import caller_id
from shared.observability import logger


@api_handler
def handler(request: Request) -> Response:
    """Return 204. Afterwards the link answers 404."""
    owner = caller_id(request.claims)
    media_id = validation.check_id(request.path["id"])
    link_id = validation.check_link_id(request.path["link_id"])

    links.remove_link(link_id, media_id, owner)

    logger.info("link revoked", media_id=media_id, link_id=link_id)
    return Response(204)
