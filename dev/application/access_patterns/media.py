"""Access patterns of the media table."""

from dataclasses import replace

from dev.application.access_patterns.pattern import pattern
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
PENDING = replace(NEW, id=PENDING_MEDIA, created_at=PENDING_SINCE, content_type="image/png", size=70)

TABLE = "MediaTable"
BUILDING_BLOCKS = {"media.activity.update_activity", "media.activity.count", "media.usage.write_with_usage"}
"""Public for `media.links` and `media.store`: requests of the patterns there, and no patterns by themselves."""
PATTERNS = (
    pattern("put-media", store.put_media, NEW),
    pattern("find-media", store.find_media, PENDING_MEDIA),
    pattern("get-media", store.get_media, READY_MEDIA, ALICE, NOW),
    pattern("get-ready-media", store.get_ready_media, READY_MEDIA, ALICE, NOW),
    pattern("list-media", store.list_media, ALICE, NOW, 25, None),
    pattern("list-media-next-page", store.list_media, ALICE, NOW, 25, f"{PENDING_SINCE}#{PENDING_MEDIA}"),
    pattern("complete-upload", store.complete_upload, PENDING, replace(PENDING, status=READY, version_id="demo"), NOW),
    pattern("get-activity", activity.get_activity, READY_MEDIA),
    pattern("list-downloads", activity.list_downloads, [READY_MEDIA, PENDING_MEDIA]),
    pattern("count-download", activity.count_download, READY_MEDIA, NOW),
    pattern("add-link", links.add_link, READY_MEDIA, LINK),
    pattern("count-link-download", links.count_link_download, READY_MEDIA, LINK_ID, NOW),
    pattern("remove-link", links.remove_link, READY_MEDIA, LINK_ID),
    pattern("remove-links", links.remove_links, READY_MEDIA),
    pattern("delete-activity", activity.delete_activity, READY_MEDIA),
    pattern("delete-media", store.delete_media, replace(NEW, id=READY_MEDIA, status=READY, size=12)),
)
