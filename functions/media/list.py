"""GET /media: list the caller's media, newest first, in pages."""

from media import activity, files, store
from shared.api import Request, Response, api_handler
from shared.caller import caller_id
from shared.clock import now
from shared.ids import TIME_AND_ID
from shared.paging import page_response, requested_page


@api_handler
def handler(request: Request) -> Response:
    """Return 200 with the page after `cursor`. Each media has a presigned URL of its thumbnail."""
    owner = caller_id(request.claims)
    limit, after = requested_page(request.query, TIME_AND_ID)

    page, last = store.list_media(owner, now(), limit, after)
    downloads = activity.list_downloads([media.id for media in page])

    return page_response(
        [
            media.to_json(
                request.api_url, downloads=downloads.get(media.id, 0), thumbnail_url=files.thumbnail_url(media)
            )
            for media in page
        ],
        last,
    )
