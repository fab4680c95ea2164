"""GET /media/{id}: return the metadata of a media."""

from media import activity, files, store, validation
from shared.api import Request, Response, api_handler
from shared.caller import caller_id
from shared.clock import now


@api_handler
def handler(request: Request) -> Response:
    """Return 200 with the caller's media and a presigned URL of its thumbnail."""
    owner = caller_id(request.claims)

    media = store.get_media(validation.check_id(request.path_parameters["id"]), owner, now())
    found = activity.get_activity(media.id)

    downloads = 0 if found is None else found.downloads
    return Response(200, media.to_json(request.api_url, downloads=downloads, thumbnail_url=files.thumbnail_url(media)))
