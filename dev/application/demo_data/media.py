"""Demo media without files, one ready and one pending, and the usage of their owner."""

from typing import Any

ALICE = "demo-alice"
READY_MEDIA, PENDING_MEDIA = "0" * 31 + "1", "0" * 31 + "2"
PENDING_SINCE = "2026-01-02T00:00:00.000Z"
TOKEN = READY_MEDIA + "A" * 43
LINK_ID = "43151502fbd322b3390abbcf079bdb294a8dde5e367eadf0fc8d8b8166c0967a"
_NEW_YEAR, _NEVER, _NEVER_SECONDS = "2026-01-01T00:00:00.000Z", "2999-01-01T00:00:00.000Z", 32472144000


def _media(media_id: str, status: str, created_at: str, **more: Any) -> dict[str, Any]:
    times = {"created_at": created_at, "expires_at": _NEVER, "ttl": _NEVER_SECONDS}
    return {"id": media_id, "owner": ALICE, "status": status, **times, **more}


ITEMS = {
    "MediaTable": [
        _media(
            READY_MEDIA,
            "ready",
            _NEW_YEAR,
            name="Notes",
            caption="Metadata only: this demo media has no file",
            filename="notes.txt",
            content_type="text/plain",
            size=12,
            object_key=f"media/{READY_MEDIA}",
            version_id="demo",
        ),
        {
            "id": f"{READY_MEDIA}#activity",
            "ttl": _NEVER_SECONDS,
            "downloads": 3,
            "by_day": {"2026-01-01": 2, "2026-01-02": 1},
            "links": {LINK_ID: {"created_at": _NEW_YEAR, "expires_at": _NEVER, "downloads": 1}},
        },
        _media(
            PENDING_MEDIA,
            "pending",
            PENDING_SINCE,
            name="Picture",
            caption="",
            filename="picture.png",
            content_type="image/png",
            size=70,
            object_key=f"uploads/{PENDING_MEDIA}",
        ),
        {
            "id": f"{ALICE}#usage",
            "ttl": _NEVER_SECONDS + 24 * 3600 - 1,
            "bytes_by_day": {"2999-01-01": 82},
            "pending": {PENDING_MEDIA: _NEVER},
        },
    ],
}
