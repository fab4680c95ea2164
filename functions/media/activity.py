"""Access patterns of activity items, one function each. Those of share links are in `media.links`.

A media that is ready has an activity: its download counts and its share links. A download changes this item only, which
is in no index. It is small unless downloads are frequent: it has the ids of those of the last 20 to 40 seconds.
"""

import os
from collections.abc import Sequence
from typing import Any

from media.errors import MediaNotFoundError
from media.model import Activity, activity_key
from shared.aws import ClientError, dynamodb_client, error_code
from shared.clock import epoch_seconds
from shared.errors import ThrottledError
from shared.ids import new_id

REPEAT_SECONDS = 20
"""The SDK repeats a write for less than this time: functions time out after 15 seconds."""

COUNTED_SETS = 7
"""Number of sets of ids, one per REPEAT_SECONDS, used in turn. A count clears old sets but not its own, so downloads
exactly 140 s apart fill one set, up to COUNTED_IDS. Intervals of one minute, hour or day do not."""

COUNTED_IDS = 2500
"""Number of ids at which a set is replaced. It is more than the stage lets through in one period: 100 requests per
second, and a burst of 200."""

_dynamodb = dynamodb_client()


class ActivityConditionError(Exception):
    """Nothing was written. `activity` is the activity as stored, or None if it does not exist."""

    def __init__(self, activity: Activity | None) -> None:
        super().__init__("The condition of the write does not hold.")
        self.activity = activity


def get_activity(media_id: str) -> Activity | None:
    """Get the activity of a media, strongly consistent. Returns None if the media is not ready."""
    answer = _dynamodb.get_item(TableName=_table(), Key=activity_key(media_id), ConsistentRead=True)
    return Activity.from_item(answer["Item"]) if "Item" in answer else None


def list_downloads(media_ids: Sequence[str]) -> dict[str, int]:
    """Get the numbers of downloads of at most 100 media, eventually consistent. Media that are not ready have none.

    Raises ThrottledError if DynamoDB leaves out an item, because its count would look like 0.
    """
    if not media_ids:
        return {}
    answer = _dynamodb.batch_get_item(
        RequestItems={_table(): {"Keys": [activity_key(media_id) for media_id in media_ids]}}
    )
    if answer.get("UnprocessedKeys"):
        raise ThrottledError("The service is busy. Try again.")
    activities = map(Activity.from_item, answer["Responses"][_table()])
    return {activity.media_id: activity.downloads for activity in activities}


def count_download(media_id: str, now: str) -> None:
    """Count a download by the owner, in total and for its day. Raises MediaNotFoundError."""
    try:
        count(media_id, now)
    except ActivityConditionError as failure:
        if failure.activity is None:
            raise MediaNotFoundError from failure


def delete_activity(media_id: str) -> None:
    """Delete the counts and links of a media, if any."""
    _dynamodb.delete_item(TableName=_table(), Key=activity_key(media_id))


def update_activity(
    media_id: str, update: str, condition: str, *, names: dict[str, str], values: dict[str, Any]
) -> None:
    """Update the activity of a media under a condition. Raises ActivityConditionError with the stored one.

    If the response is lost, the SDK repeats the update. Callers find out from the stored activity whether the first
    attempt succeeded.
    """
    try:
        _dynamodb.update_item(
            TableName=_table(),
            Key=activity_key(media_id),
            UpdateExpression=update,
            ConditionExpression=condition,
            ExpressionAttributeNames=names,
            ExpressionAttributeValues=values,
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    except ClientError as error:
        if error_code(error) != "ConditionalCheckFailedException":
            raise
        item: dict[str, Any] | None = error.response.get("Item")  # type: ignore[assignment]
        raise ActivityConditionError(None if item is None else Activity.from_item(item)) from error


def count(media_id: str, now: str, link_id: str | None = None) -> None:
    """Count a download in total, for its day, and for a link if given. If the SDK repeats the update, count once.

    Raises ActivityConditionError if the media is not ready, if it has no such link or the link has expired, or if the
    download is counted already. The activity has the ids of the latest counts, in sets by time. A count removes
    all but those of this period, the one before and, because clocks differ, the one after. It replaces a full set.
    """
    period, count_id = epoch_seconds(now) // REPEAT_SECONDS, new_id()[:12]
    sets = {f"#set{ahead}": f"counted{(period + ahead) % COUNTED_SETS}" for ahead in (0, *range(2, COUNTED_SETS - 1))}
    current, *old = sets
    counts = "downloads = downloads + :one, by_day.#day = if_not_exists(by_day.#day, :zero) + :one"
    condition = f"NOT contains({current}, :id)"
    names = {"#day": now[:10], **sets}
    values = {":one": {"N": "1"}, ":zero": {"N": "0"}, ":id": {"S": count_id}, ":ids": {"SS": [count_id]}}
    if link_id is None:
        condition += " AND attribute_exists(id)"
    else:
        counts += ", links.#link.downloads = links.#link.downloads + :one"
        condition += " AND links.#link.expires_at > :now"
        names["#link"], values[":now"] = link_id, {"S": now}
    remove = f"REMOVE {', '.join(old)}"
    has_room = f"(attribute_not_exists({current}) OR size({current}) < :most)"
    try:
        update_activity(
            media_id,
            f"SET {counts} ADD {current} :ids {remove}",
            f"{condition} AND {has_room}",
            names=names,
            values=values | {":most": {"N": str(COUNTED_IDS)}},
        )
    except ActivityConditionError:  # the set is full, or one of the other conditions fails again
        update_activity(media_id, f"SET {counts}, {current} = :ids {remove}", condition, names=names, values=values)


def _table() -> str:
    return os.environ["MEDIA_TABLE"]
