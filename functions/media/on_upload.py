"""A client has put an object under uploads/ in the bucket: inspect it and make its media ready or rejected.

S3 sends an event for each version of an object, at least once and in any order. The first version that is inspected
while its media is pending counts. All other versions are deleted.
"""

import urllib.parse
from typing import TYPE_CHECKING, Any

from media import files, inspection, store
from media.model import PENDING, READY, REJECTED, Media
from shared.clock import now
from shared.ids import is_id
from shared.observability import MetricUnit, logger, metrics

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics(capture_cold_start_metric=True)
def handler(event: dict[str, Any], _context: "LambdaContext") -> None:
    """Process each upload. If one fails, Lambda retries the whole event, then stores it in the failure bucket."""
    metrics.add_metric("UploadEvents", MetricUnit.Count, len(event["Records"]))
    for record in event["Records"]:
        created = record["s3"]["object"]
        key, version_id = urllib.parse.unquote_plus(created["key"]), created["versionId"]
        outcome = _process(key, version_id)
        logger.info("upload processed", key=key, version_id=version_id, outcome=outcome)
        metrics.add_metric(f"Upload{outcome.title()}", MetricUnit.Count, 1)


def _process(key: str, version_id: str) -> str:
    """Return the outcome of an upload: ready, rejected, repeated, discarded or gone."""
    media_id = key.rpartition("/")[2]  # empty for the objects that consoles show as folders
    media = store.find_media(media_id) if is_id(media_id) else None
    if media is None or media.expires_at <= now() or media.object_key != key or media.status != PENDING:
        return _discard(media, key, version_id)
    try:
        completed = inspection.inspect_upload(media, inspection.find_upload(key, version_id))
    except inspection.UploadGoneError:
        return "gone"
    try:
        store.complete_upload(media, completed, now())
    except store.MediaChangedError as failure:  # another event was faster, or the owner has deleted the media
        return _discard(failure.media, key, version_id)
    if completed.status == REJECTED:
        files.delete_version(key, version_id)
    return completed.status


def _discard(media: Media | None, key: str, version_id: str) -> str:
    """Delete an upload that no pending media expects, unless an earlier event has made it the file of its media.

    It can have a thumbnail: of this event, or of an earlier attempt that failed.
    """
    if media is not None and (media.object_key, media.version_id, media.status) == (key, version_id, READY):
        return "repeated"
    files.delete_upload(key, version_id)
    return "discarded"
