"""DELETE /media/{id}/links/{token}: revoke a share link."""

from media import links, validation
from shared.api import Request, Response, api_handler
from shared.caller import caller_id
from shared.observability import logger


@api_handler
def handler(request: Request) -> Response:
    """Return 204. Afterwards the link answers 404."""
    owner = caller_id(request.claims)
    media_id = validation.check_id(request.path["id"])

    links.remove_link(request.path["token"], media_id, owner)

    logger.info("link revoked", media_id=media_id)
    return Response(204)
