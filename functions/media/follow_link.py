"""GET /shared/{token}: count a download by share link, and redirect to the file without metadata. Needs no sign-in."""

from media import files, links
from shared.api import Request, Response, api_handler
from shared.clock import now
from shared.observability import logger


@api_handler
def handler(request: Request) -> Response:
    """Return 302 to a presigned URL. The token must not be logged: it gives access to the file."""
    media = links.count_link_download(request.path["token"], now())

    logger.info("shared media downloaded", media_id=media.id, downloads=media.downloads)
    return Response(302, headers={"Location": files.shared_url(media), "Referrer-Policy": "no-referrer"})
