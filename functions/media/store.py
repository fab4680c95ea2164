"""Access patterns of media items, one function each. Those of activity items are in `media.activity`."""

import os
from typing import Any

from media.errors import MediaExpiredError, MediaNotFoundError, MediaNotReadyError
from media.model import PENDING, READY, Activity, Media
from media.usage import write_with_usage
from shared.aws import ConditionFailedError, dynamodb_client

_dynamodb = dynamodb_client()


class MediaChangedError(Exception):
    """Nothing was written. `media` is the media as stored, or None if it does not exist."""

    def __init__(self, media: Media | None) -> None:
        super().__init__("The media is not as it was read.")
        self.media = media

    @classmethod
    def of(cls, error: ConditionFailedError) -> "MediaChangedError":
        """Return the error of a transaction whose first write is that of the media."""
        item = error.items[0]
        return cls(None if item is None else Media.from_item(item))


def put_media(media: Media) -> None:
    """Put a new media. Raises MediaQuotaExceededError. Expired media are not counted any more."""
    write_with_usage(
        [{"Put": {"TableName": _table(), "Item": media.to_item()}}],
        media.owner,
        lambda usage: usage.without_expired(media.created_at).with_media(media).check_quota(),
    )


def find_media(media_id: str) -> Media | None:
    """Get a media of any owner, expired or not, strongly consistent. Returns None if it does not exist."""
    answer = _dynamodb.get_item(TableName=_table(), Key=_key(media_id), ConsistentRead=True)
    return Media.from_item(answer["Item"]) if "Item" in answer else None


def get_media(media_id: str, owner: str, now: str) -> Media:
    """Get a media of `owner`. Raises MediaNotFoundError if it has another owner, or has expired."""
    media = find_media(media_id)
    if media is None or media.owner != owner or media.expires_at <= now:
        raise MediaNotFoundError
    return media


def get_ready_media(media_id: str, owner: str, now: str) -> Media:
    """Get a media that its owner can download and share.

    Raises MediaNotFoundError, MediaExpiredError or MediaNotReadyError for any other.
    """
    media = find_media(media_id)
    if media is None or media.owner != owner:
        raise MediaNotFoundError
    if media.expires_at <= now:
        raise MediaExpiredError
    if media.status != READY:
        raise MediaNotReadyError(f"The media is {media.status}.")
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
        KeyConditionExpression="#owner = :owner",
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


def complete_upload(pending: Media, media: Media, now: str) -> None:
    """Store what a pending media has become: ready with an activity, or rejected. A rejected media counts as usage.

    Raises MediaChangedError if it is not pending.
    """
    changes = {name: value for name, value in media.to_item().items() if name not in {"id", "owner"}}
    # The item keeps the announced checksum only if S3 or this application has confirmed it.
    unconfirmed = " REMOVE sha256" if media.sha256 is None else ""
    update: dict[str, Any] = {
        "TableName": _table(),
        "Key": _key(media.id),
        "UpdateExpression": f"SET {', '.join(f'#{name} = :{name}' for name in changes)}{unconfirmed}",
        "ConditionExpression": "#status = :pending AND expires_at > :now",
        "ExpressionAttributeNames": {f"#{name}": name for name in changes},
        "ExpressionAttributeValues": {f":{name}": value for name, value in changes.items()}
        | {":pending": {"S": PENDING}, ":now": {"S": now}},
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    writes: list[dict[str, Any]] = [{"Update": update}]
    if media.status == READY:
        writes.append({"Put": {"TableName": _table(), "Item": Activity.of(media).to_item()}})
    try:
        write_with_usage(writes, media.owner, lambda usage: usage.without_media(pending).with_media(media))
    except ConditionFailedError as error:
        raise MediaChangedError.of(error) from error


def delete_media(media: Media) -> None:
    """Delete the item of a media, if it exists. Raises MediaChangedError if its status is not as it was read."""
    delete: dict[str, Any] = {
        "TableName": _table(),
        "Key": _key(media.id),
        "ConditionExpression": "#status = :status",
        "ExpressionAttributeNames": {"#status": "status"},
        "ExpressionAttributeValues": {":status": {"S": media.status}},
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    try:
        write_with_usage([{"Delete": delete}], media.owner, lambda usage: usage.without_media(media))
    except ConditionFailedError as error:
        if error.items[0] is None:
            return
        raise MediaChangedError.of(error) from error


def _table() -> str:
    return os.environ["MEDIA_TABLE"]


def _key(media_id: str) -> dict[str, Any]:
    return {"id": {"S": media_id}}
