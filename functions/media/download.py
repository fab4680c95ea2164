"""GET /media/{id}/download: count a download of one's own media, and lead to the file."""

from media import files, rules, store
from shared.api import Request, Response, api_handler
from shared.caller import caller_id
from shared.clock import now
from shared.observability import logger


@api_handler
def handler(request: Request) -> Response:
    """Answer 302 to a link that lives minutes."""
    owner = caller_id(request.claims)

    media = store.count_download(rules.check_id(request.path["id"]), owner, now())

    logger.info("media downloaded", media_id=media.id, downloads=media.downloads)
    return Response(302, headers={"Location": files.download_link(media), "Referrer-Policy": "no-referrer"})
