"""GET /shared/{token}: count a download by a share link, and lead whoever has the link to the file."""

from media import files, links
from shared.api import Request, Response, api_handler
from shared.clock import now
from shared.observability import logger


@api_handler
def handler(request: Request) -> Response:
    """Answer 302 to a link that lives minutes. The token is never logged: it is all that the file is guarded by."""
    media = links.count_link_download(request.path["token"], now())

    logger.info("shared media downloaded", media_id=media.id, downloads=media.downloads)
    return Response(302, headers={"Location": files.download_link(media), "Referrer-Policy": "no-referrer"})
