"""Access patterns of the media table, one function each. Those of share links are in `media.links`.

One item holds everything about a media. DynamoDB checks the condition of each write when it applies the write: who
owns the media, whether it is ready, and whether it has expired.
"""

import contextlib
import os
from collections.abc import Iterator
from typing import Any

from media.errors import MediaExpiredError, MediaNotFoundError, MediaNotReadyError
from media.model import PENDING, READY, Media
from shared.aws import ClientError, dynamodb_client, error_code

OWN = "#owner = :owner"
USABLE = "#status = :ready AND expires_at > :now"
COUNT = "SET downloads = downloads + :one, by_day.#day = if_not_exists(by_day.#day, :zero) + :one"

_dynamodb = dynamodb_client()


class ConditionFailedError(Exception):
    """Nothing was written. `media` is the media as stored, or None if it does not exist."""

    def __init__(self, media: Media | None) -> None:
        super().__init__("The condition of the write does not hold.")
        self.media = media


def put_media(media: Media) -> None:
    """Put a new media."""
    _dynamodb.put_item(TableName=_table(), Item=media.to_item())


def find_media(media_id: str, now: str) -> Media | None:
    """Get a media of any owner, strongly consistent. Returns None if it does not exist or has expired."""
    answer = _dynamodb.get_item(TableName=_table(), Key=_key(media_id), ConsistentRead=True)
    if "Item" not in answer:
        return None
    media = Media.from_item(answer["Item"])
    return media if media.expires_at > now else None


def get_media(media_id: str, owner: str, now: str) -> Media:
    """Get a media of `owner`. Raises MediaNotFoundError if it has another owner, or has expired."""
    media = find_media(media_id, now)
    if media is None or media.owner != owner:
        raise MediaNotFoundError
    return media


def list_media(owner: str, now: str, limit: int, after: str | None) -> tuple[list[Media], str | None]:
    """Query an owner's media, newest first, after the sort key `{created_at}#{id}` of the previous page.

    Returns the page, and its last sort key if more may follow. The index is eventually consistent. Expired media are
    left out, so a page may hold fewer than `limit`.
    """
    query: dict[str, Any] = {}
    if after is not None:
        created_at, media_id = after.split("#")
        query["ExclusiveStartKey"] = {"owner": {"S": owner}, "created_at": {"S": created_at}, **_key(media_id)}
    answer = _dynamodb.query(
        TableName=_table(),
        IndexName="owner-created_at-index",
        KeyConditionExpression=OWN,
        FilterExpression="expires_at > :now",
        ExpressionAttributeNames={"#owner": "owner"},
        ExpressionAttributeValues={":owner": {"S": owner}, ":now": {"S": now}},
        ScanIndexForward=False,
        Limit=limit,
        **query,
    )
    last = answer.get("LastEvaluatedKey")
    items = [Media.from_item(item) for item in answer["Items"]]
    return items, None if last is None else f"{last['created_at']['S']}#{last['id']['S']}"


def complete_upload(media: Media, now: str) -> None:
    """Store what a pending media has become: ready or rejected. Raises ConditionFailedError if it is not pending."""
    changes = {name: value for name, value in media.to_item().items() if name not in {"id", "owner", "links", "by_day"}}
    # The item keeps the announced checksum only if S3 or this application has confirmed it.
    unconfirmed = " REMOVE sha256" if media.sha256 is None else ""
    update_media(
        media.id,
        f"SET {', '.join(f'#{name} = :{name}' for name in changes)}{unconfirmed}",
        "#status = :pending AND expires_at > :now",
        names={f"#{name}": name for name in changes},
        values={f":{name}": value for name, value in changes.items()}
        | {":pending": {"S": PENDING}, ":now": {"S": now}},
    )


def count_download(media_id: str, owner: str, now: str) -> Media:
    """Count a download by the owner, in total and for its day.

    Raises MediaNotFoundError, MediaExpiredError or MediaNotReadyError, and counts nothing then.
    """
    try:
        return update_media(
            media_id,
            COUNT,
            f"{OWN} AND {USABLE}",
            names={"#owner": "owner", "#status": "status", "#day": now[:10]},
            values={":owner": {"S": owner}, **usable_values(now), ":one": {"N": "1"}, ":zero": {"N": "0"}},
        )
    except ConditionFailedError as failure:
        check_usable(failure.media, owner, now)
        raise


def delete_media(media: Media) -> None:
    """Delete the item of a media, if any. Raises ConditionFailedError if its status has changed since the read."""
    with _raising_condition_failed():
        _dynamodb.delete_item(
            TableName=_table(),
            Key=_key(media.id),
            ConditionExpression="attribute_not_exists(id) OR #status = :status",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={":status": {"S": media.status}},
        )


def update_media(media_id: str, update: str, condition: str, *, names: dict[str, str], values: dict[str, Any]) -> Media:
    """Update an item under a condition. Returns the new media. Raises ConditionFailedError with the stored one."""
    with _raising_condition_failed():
        answer = _dynamodb.update_item(
            TableName=_table(),
            Key=_key(media_id),
            UpdateExpression=update,
            ConditionExpression=condition,
            ExpressionAttributeNames=names,
            ExpressionAttributeValues=values,
            ReturnValues="ALL_NEW",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    return Media.from_item(answer["Attributes"])


def usable_values(now: str) -> dict[str, Any]:
    """Return the expression values of USABLE."""
    return {":ready": {"S": READY}, ":now": {"S": now}}


def check_usable(media: Media | None, owner: str, now: str) -> Media:
    """Return a media that its owner can download and share.

    Raises MediaNotFoundError, MediaExpiredError or MediaNotReadyError for any other.
    """
    if media is None or media.owner != owner:
        raise MediaNotFoundError
    if media.expires_at <= now:
        raise MediaExpiredError
    if media.status != READY:
        raise MediaNotReadyError(f"The media is {media.status}.")
    return media


@contextlib.contextmanager
def _raising_condition_failed() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error_code(error) != "ConditionalCheckFailedException":
            raise
        item: dict[str, Any] | None = error.response.get("Item")  # type: ignore[assignment]
        raise ConditionFailedError(None if item is None else Media.from_item(item)) from error


def _table() -> str:
    return os.environ["MEDIA_TABLE"]


def _key(media_id: str) -> dict[str, Any]:
    return {"id": {"S": media_id}}
