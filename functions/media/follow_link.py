"""GET /shared/{token}: count a download by share link, and redirect to the file without metadata. Needs no sign-in."""

from media import files, links, store, validation
from media.errors import LinkNotFoundError
from shared.api import Request, Response, api_handler
from shared.clock import now
from shared.observability import logger


@api_handler
def handler(request: Request) -> Response:
    """Return 302 to a presigned URL. Counting rejects an expired or revoked link. The token must not be logged."""
    token = request.path_parameters["token"]
    media = store.find_media(validation.media_id_from_token(token))
    if media is None:
        raise LinkNotFoundError
    link_id = links.link_id(token)

    links.count_link_download(media.id, link_id, now())

    logger.info("shared media downloaded", media_id=media.id, link_id=link_id)
    return Response(302, headers={"Location": files.shared_url(media), "Referrer-Policy": "no-referrer"})
