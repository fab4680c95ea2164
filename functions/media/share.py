"""POST /media/{id}/links: create a link that lets anyone download a media until it expires or is revoked."""

from media import links, store, validation
from media.model import Link
from shared.api import Request, Response, api_handler
from shared.body import json_body
from shared.caller import caller_id
from shared.clock import later, now
from shared.observability import logger

parse_body = json_body(validation.NEW_LINK)


@api_handler
def handler(request: Request) -> Response:
    """Return 201 with the link. Its token is returned only here. Its id is also in the stats."""
    owner = caller_id(request.claims)
    media_id = validation.check_id(request.path_parameters["id"])
    seconds = parse_body(request).get("expires_in", validation.DEFAULT_LINK_SECONDS)
    token, created_at = links.new_token(media_id), now()
    media = store.get_ready_media(media_id, owner, created_at)
    expires_at = min(later(created_at, seconds=seconds), media.expires_at)
    link = Link(links.link_id(token), created_at, expires_at)

    links.add_link(media_id, link)

    logger.info("media shared", media_id=media_id, link_id=link.id, expires_at=expires_at)
    url = f"{request.api_url}/shared/{token}"
    return Response(201, {"id": link.id, "url": url, "token": token, "expires_at": expires_at})
