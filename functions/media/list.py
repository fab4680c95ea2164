"""GET /media: list the caller's media, newest first, in pages."""

from media import files, store, validation
from shared.api import Request, Response, api_handler
from shared.caller import caller_id
from shared.clock import now
from shared.paging import decode_cursor, encode_cursor, page_limit


@api_handler
def handler(request: Request) -> Response:
    """Return 200 with the page after `cursor`. Each media has a presigned URL of its thumbnail."""
    owner = caller_id(request.claims)
    cursor = request.query.get("cursor")
    after = None if cursor is None else validation.parse_sort_key(decode_cursor(cursor))

    page, last = store.list_media(owner, now(), page_limit(request.query), after)

    items = [media.to_json(request.api_url, files.thumbnail_url(media)) for media in page]
    return Response(200, {"items": items, "next_cursor": None if last is None else encode_cursor("#".join(last))})
