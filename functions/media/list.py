"""GET /media: the caller's media, newest first, a page at a time."""

from media import files, rules, store
from shared.api import Request, Response, api_handler
from shared.caller import caller_id
from shared.clock import now
from shared.paging import decode_cursor, encode_cursor, page_limit


@api_handler
def handler(request: Request) -> Response:
    """Answer 200 with the page after `cursor`, each media with a link of minutes to its thumbnail."""
    owner = caller_id(request.claims)
    cursor = request.query.get("cursor")
    after = None if cursor is None else rules.place_in_cursor(decode_cursor(cursor))

    page, last = store.list_media(owner, now(), page_limit(request.query), after)

    items = [media.to_json(request.api_url, files.thumbnail_link(media)) for media in page]
    return Response(200, {"items": items, "next_cursor": None if last is None else encode_cursor("#".join(last))})
