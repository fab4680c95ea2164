"""GET /message-groups: the caller's message groups, the one with the newest message first, a page at a time."""

from messages import model, store
from shared.api import Request, Response, api_handler
from shared.caller import caller_id
from shared.ids import TIME_AND_ID
from shared.paging import page_response, requested_page


@api_handler
def handler(request: Request) -> Response:
    """Return 200 with the page after `cursor`."""
    caller = caller_id(request.claims)
    limit, after = requested_page(request.query, TIME_AND_ID)

    rows, last = store.list_groups(caller, limit, after)

    return page_response([model.group_to_json(row) for row in rows], last)
