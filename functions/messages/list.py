"""GET /message-groups/{id}/messages: a message group's messages, newest or oldest first, a page at a time."""

from messages import model, store
from shared.api import Request, Response, api_handler
from shared.caller import caller_id
from shared.ids import TIME_AND_ID
from shared.paging import page_response, requested_page


@api_handler
def handler(request: Request) -> Response:
    """Return 200 with the page after `cursor`, in the requested `order`."""
    caller, group_id = caller_id(request.claims), model.check_group_id(request.path_parameters["id"])
    newest_first = model.is_newest_first(request.query.get("order", "desc"))
    limit, after = requested_page(request.query, TIME_AND_ID)
    store.require_member(group_id, caller)

    messages, last = store.list_messages(group_id, limit, after, newest_first=newest_first)

    return page_response([message.to_json() for message in messages], last)
