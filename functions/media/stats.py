"""GET /media/{id}/stats: return the number of downloads, in total, per day and per link."""

from media import store, validation
from shared.api import Request, Response, api_handler
from shared.caller import caller_id
from shared.clock import now


@api_handler
def handler(request: Request) -> Response:
    """Return 200 with the counts. Days are in UTC. Days and links are in chronological order."""
    owner = caller_id(request.claims)

    media = store.get_media(validation.check_id(request.path["id"]), owner, now())

    by_day = [{"day": day, "downloads": count} for day, count in media.by_day.items()]
    links = [
        {
            "id": link.id,
            "created_at": link.created_at,
            "expires_at": media.expiry_of(link),
            "downloads": link.downloads,
        }
        for link in media.links
    ]
    return Response(200, {"downloads": media.downloads, "by_day": by_day, "links": links})
