"""GET /media/{id}/stats: how often a media was downloaded, in all, per day and per link."""

from media import rules, store
from shared.api import Request, Response, api_handler
from shared.caller import caller_id
from shared.clock import now


@api_handler
def handler(request: Request) -> Response:
    """Answer 200 with the counts, days and links in order of time. Days are UTC's."""
    owner = caller_id(request.claims)

    media = store.get_media(rules.check_id(request.path["id"]), owner, now())

    by_day = [{"day": day, "downloads": count} for day, count in media.by_day.items()]
    links = [
        {"created_at": link.created_at, "expires_at": media.expiry_of(link), "downloads": link.downloads}
        for link in media.links
    ]
    return Response(200, {"downloads": media.downloads, "by_day": by_day, "links": links})
