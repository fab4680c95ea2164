"""Access patterns of the media table."""

from dataclasses import replace

from dev.application.access_patterns.pattern import Pattern, source
from dev.application.demo_data.media import ALICE, LINK_ID, PENDING_MEDIA, PENDING_SINCE, READY_MEDIA
from media import activity, links, store
from media.model import READY, Link, Media

NOW = "2026-01-03T00:00:00.000Z"
NEW = Media(
    id="0" * 31 + "9",
    owner=ALICE,
    name="Song",
    caption="",
    filename="song.mp4",
    content_type="video/mp4",
    size=1000,
    status="pending",
    created_at=NOW,
    expires_at="2999-01-01T00:00:00.000Z",
    object_key="uploads/song",
)
LINK = Link("0" * 64, NOW, "2999-01-01T00:00:00.000Z")


def _complete() -> None:
    pending = replace(NEW, id=PENDING_MEDIA, created_at=PENDING_SINCE, content_type="image/png", size=70)
    store.complete_upload(pending, replace(pending, status=READY, version_id="demo"), NOW)


TABLE = "MediaTable"
BUILDING_BLOCKS = {"media.activity.update_activity", "media.activity.count", "media.usage.write_with_usage"}
"""Public for `media.links` and `media.store`: requests of the patterns there, and no patterns by themselves."""
PATTERNS = (
    Pattern("put-media", source(store.put_media), lambda: store.put_media(NEW)),
    Pattern("find-media", source(store.find_media), lambda: store.find_media(PENDING_MEDIA)),
    Pattern("get-media", source(store.get_media), lambda: store.get_media(READY_MEDIA, ALICE, NOW)),
    Pattern("get-ready-media", source(store.get_ready_media), lambda: store.get_ready_media(READY_MEDIA, ALICE, NOW)),
    Pattern("list-media", source(store.list_media), lambda: store.list_media(ALICE, NOW, 25, None)),
    Pattern(
        "list-media-next-page",
        source(store.list_media),
        lambda: store.list_media(ALICE, NOW, 25, f"{PENDING_SINCE}#{PENDING_MEDIA}"),
    ),
    Pattern("complete-upload", source(store.complete_upload), _complete),
    Pattern("get-activity", source(activity.get_activity), lambda: activity.get_activity(READY_MEDIA)),
    Pattern(
        "list-downloads",
        source(activity.list_downloads),
        lambda: activity.list_downloads([READY_MEDIA, PENDING_MEDIA]),
    ),
    Pattern("count-download", source(activity.count_download), lambda: activity.count_download(READY_MEDIA, NOW)),
    Pattern("add-link", source(links.add_link), lambda: links.add_link(READY_MEDIA, LINK)),
    Pattern(
        "count-link-download",
        source(links.count_link_download),
        lambda: links.count_link_download(READY_MEDIA, LINK_ID, NOW),
    ),
    Pattern("remove-link", source(links.remove_link), lambda: links.remove_link(READY_MEDIA, LINK_ID)),
    Pattern("remove-links", source(links.remove_links), lambda: links.remove_links(READY_MEDIA)),
    Pattern("delete-activity", source(activity.delete_activity), lambda: activity.delete_activity(READY_MEDIA)),
    Pattern(
        "delete-media",
        source(store.delete_media),
        lambda: store.delete_media(replace(NEW, id=READY_MEDIA, status=READY, size=12)),
    ),
)
