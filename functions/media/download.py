"""GET /media/{id}/download: count a download by the owner, and redirect to the file."""

from media import activity, files, store, validation
from shared.api import Request, Response, api_handler
from shared.caller import caller_id
from shared.clock import now
from shared.observability import logger


@api_handler
def handler(request: Request) -> Response:
    """Return 302 to a presigned URL."""
    owner, time = caller_id(request.claims), now()
    media = store.get_ready_media(validation.check_id(request.path_parameters["id"]), owner, time)

    activity.count_download(media.id, time)

    logger.info("media downloaded", media_id=media.id)
    return Response(302, headers={"Location": files.download_url(media), "Referrer-Policy": "no-referrer"})
