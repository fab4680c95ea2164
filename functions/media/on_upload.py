"""S3 has an object that a presigned form put there: look at it, and make its media ready or rejected.

S3 tells of an object at least once, in no order. So an event is only a hint at one version of one object: the first
that is looked at while its media is pending is the one that counts, and every other is deleted.
"""

import urllib.parse
from typing import TYPE_CHECKING, Any

from media import arrival, files, store
from media.model import Media
from media.rules import PENDING, READY, REJECTED
from shared.clock import now
from shared.observability import MetricUnit, logger, metrics

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics(capture_cold_start_metric=True)
def handler(event: dict[str, Any], _context: "LambdaContext") -> None:
    """Settle each upload. What fails is raised: Lambda sends the event again, at last to the failure queue."""
    metrics.add_metric("UploadEvents", MetricUnit.Count, len(event["Records"]))
    for record in event["Records"]:
        uploaded = record["s3"]["object"]
        key, version_id = urllib.parse.unquote_plus(uploaded["key"]), uploaded["versionId"]
        outcome = _settle(key, version_id)
        logger.info("upload settled", key=key, version_id=version_id, outcome=outcome)
        metrics.add_metric(f"Upload{outcome.title()}", MetricUnit.Count, 1)


def _settle(key: str, version_id: str) -> str:
    """Return what became of an upload: ready, rejected, repeated, discarded or gone."""
    media_id = key.rpartition("/")[2]  # empty for what consoles show as a folder
    media = store.find_media(media_id, now()) if media_id else None
    if media is not None and media.object_key == key:
        if media.status == PENDING:
            return _complete(media, version_id)
        if media.status == READY and media.version_id == version_id:
            return "repeated"
    # Whether it is still there need not be asked: deleting what is gone is no error.
    files.delete_version(key, version_id)
    return "discarded"


def _complete(media: Media, version_id: str) -> str:
    try:
        upload = files.find_upload(media.object_key, version_id)
        settled = arrival.examine(media, upload)
    except files.UploadGoneError:
        return "gone"
    if store.settle_upload(settled, now()):
        if settled.status == REJECTED:
            files.delete_version(upload.key, upload.version_id)
        return settled.status
    outcome = _settle(upload.key, upload.version_id)  # it pends no more: by another event for this version, or another
    if outcome != "repeated":
        files.delete_thumbnail(settled)
    return outcome
