"""GET /message-groups: the caller's conversations, the one with the newest message first, a page at a time."""

from messages import model, store
from shared.api import Request, Response, api_handler
from shared.caller import caller_id
from shared.paging import decode_cursor, encode_cursor, page_limit


@api_handler
def handler(request: Request) -> Response:
    """Answer 200 with the page after `cursor`."""
    caller, cursor = caller_id(request.claims), request.query.get("cursor")
    after = None if cursor is None else model.sort_key_in_cursor(decode_cursor(cursor))

    rows, last = store.list_groups(caller, page_limit(request.query), after)

    items = [model.group_to_json(row) for row in rows]
    return Response(200, {"items": items, "next_cursor": None if last is None else encode_cursor(last)})
