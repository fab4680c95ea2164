"""GET /media/{id}: the facts about one media."""

from media import files, rules, store
from shared.api import Request, Response, api_handler
from shared.caller import caller_id
from shared.clock import now


@api_handler
def handler(request: Request) -> Response:
    """Answer 200 with one's own media, with a link of minutes to its thumbnail."""
    owner = caller_id(request.claims)

    media = store.get_media(rules.check_id(request.path["id"]), owner, now())

    return Response(200, media.to_json(request.api_url, files.thumbnail_link(media)))
