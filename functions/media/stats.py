"""GET /media/{id}/stats: return the number of downloads, in total, per day and per link."""

import dataclasses

from media import activity, store, validation
from shared.api import Request, Response, api_handler
from shared.caller import caller_id
from shared.clock import now


@api_handler
def handler(request: Request) -> Response:
    """Return 200 with the counts. Days are in UTC. Days and links are in chronological order."""
    owner = caller_id(request.claims)

    media = store.get_media(validation.check_id(request.path_parameters["id"]), owner, now())
    found = activity.get_activity(media.id)

    if found is None:
        return Response(200, {"downloads": 0, "by_day": [], "links": []})
    by_day = [{"day": day, "downloads": count} for day, count in found.by_day.items()]
    links = [dataclasses.asdict(link) for link in found.links]
    return Response(200, {"downloads": found.downloads, "by_day": by_day, "links": links})
