"""GET /media: the caller's media, newest first, a page at a time."""

from media import files, rules, store
from shared.api import Request, Response, api_handler
from shared.caller import caller_id
from shared.clock import now
from shared.ids import TIME_AND_ID
from shared.paging import page_response, requested_page


@api_handler
def handler(request: Request) -> Response:
    """Answer 200 with the page after `cursor`, each media with a link of minutes to its thumbnail."""
    owner = caller_id(request.claims)
    limit, after = requested_page(request.query, TIME_AND_ID)

    page, last = store.list_media(owner, now(), limit, None if after is None else rules.place_in_cursor(after))

    items = [media.to_json(request.api_url, files.thumbnail_link(media)) for media in page]
    return page_response(items, None if last is None else "#".join(last))
