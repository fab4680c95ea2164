"""GET /message-groups/{id}/messages: a conversation, newest messages first or oldest, a page at a time."""

from messages import model, store
from shared.api import Request, Response, api_handler
from shared.caller import caller_id
from shared.paging import decode_cursor, encode_cursor, page_limit


@api_handler
def handler(request: Request) -> Response:
    """Answer 200 with the page after `cursor`, in the `order` asked for."""
    caller, cursor = caller_id(request.claims), request.query.get("cursor")
    after = None if cursor is None else model.sort_key_in_cursor(decode_cursor(cursor))
    newest_first = model.is_newest_first(request.query.get("order", "desc"))
    limit = page_limit(request.query)
    group_id = store.get_conversation(model.check_group_id(request.path["id"]), caller).id

    messages, last = store.list_messages(group_id, limit, after, newest_first=newest_first)

    items = [message.to_json() for message in messages]
    return Response(200, {"items": items, "next_cursor": None if last is None else encode_cursor(last)})
