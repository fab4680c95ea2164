"""Access patterns of the media table, one function each; those of share links are in `media.links`.

One item holds all about a media. Every write states what must hold, and DynamoDB checks it at the moment of writing:
who owns the media, that it is ready and has not expired, that nobody else completed it.
"""

import os
from dataclasses import dataclass
from typing import Any

from media.errors import MediaExpiredError, MediaNotFoundError, MediaNotReadyError
from media.model import Media
from media.rules import PENDING, READY
from shared.aws import ClientError, dynamodb_client, error_code
from shared.errors import ProblemError

OWN = "#owner = :owner"
USABLE = "#status = :ready AND expires_at > :now"
COUNT = "SET downloads = downloads + :one, by_day.#day = if_not_exists(by_day.#day, :zero) + :one"

_CONDITION_FAILED = "ConditionalCheckFailedException"

_dynamodb = dynamodb_client()


@dataclass(frozen=True, slots=True)
class Unmet:
    """A write whose condition did not hold, so that nothing changed; `media` as it is, None if there is none."""

    media: Media | None
    error: ClientError


def put_media(media: Media) -> None:
    """Put a media of a new id."""
    _dynamodb.put_item(TableName=_table(), Item=media.to_item())


def find_media(media_id: str, now: str) -> Media | None:
    """Get a media as of its last write, whoever owns it; None if there is none, or it has expired."""
    answer = _dynamodb.get_item(TableName=_table(), Key=_key(media_id), ConsistentRead=True)
    if "Item" not in answer:
        return None
    media = Media.from_item(answer["Item"])
    return media if media.expires_at > now else None


def get_media(media_id: str, owner: str, now: str) -> Media:
    """Get one's own media. Raises MediaNotFoundError for all others, and for what has expired."""
    media = find_media(media_id, now)
    if media is None or media.owner != owner:
        raise MediaNotFoundError
    return media


def list_media(
    owner: str, now: str, limit: int, after: tuple[str, str] | None
) -> tuple[list[Media], tuple[str, str] | None]:
    """Query an owner's media, newest first: a page after a time and id, and the last ones if more may follow.

    Eventually consistent, as every index. What has expired is left out, so that a page may be short.
    """
    query: dict[str, Any] = {}
    if after is not None:
        query["ExclusiveStartKey"] = {"owner": {"S": owner}, "created_at": {"S": after[0]}, "id": {"S": after[1]}}
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
    return items, None if last is None else (last["created_at"]["S"], last["id"]["S"])


def settle_upload(media: Media, now: str) -> bool:
    """Make a pending media what was found: ready or rejected. Returns False, changing nothing, if it pends no more."""
    changes = {name: value for name, value in media.to_item().items() if name not in {"id", "owner", "links", "by_day"}}
    # A promised checksum that nobody confirmed is one that the item must not keep.
    unconfirmed = " REMOVE sha256" if media.sha256 is None else ""
    settled = update_media(
        media.id,
        f"SET {', '.join(f'#{name} = :{name}' for name in changes)}{unconfirmed}",
        "#status = :pending AND expires_at > :now",
        names={f"#{name}": name for name in changes},
        values={f":{name}": value for name, value in changes.items()}
        | {":pending": {"S": PENDING}, ":now": {"S": now}},
    )
    return isinstance(settled, Media)


def count_download(media_id: str, owner: str, now: str) -> Media:
    """Count a download of one's own media, in all and for its day.

    Raises MediaNotFoundError, MediaNotReadyError and MediaExpiredError, and counts nothing.
    """
    counted = update_media(
        media_id,
        COUNT,
        f"{OWN} AND {USABLE}",
        names={"#owner": "owner", "#status": "status", "#day": now[:10]},
        values={":owner": {"S": owner}, **usable(now), ":one": {"N": "1"}, ":zero": {"N": "0"}},
    )
    if isinstance(counted, Unmet):
        raise refusal(counted.media, owner, now) or counted.error
    return counted


def delete_media(media: Media) -> bool:
    """Delete the facts about a media, unless its upload was settled since they were read: returns False then.

    What is gone already is no error.
    """
    try:
        _dynamodb.delete_item(
            TableName=_table(),
            Key=_key(media.id),
            ConditionExpression="attribute_not_exists(id) OR #status = :status",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={":status": {"S": media.status}},
        )
    except ClientError as error:
        if error_code(error) != _CONDITION_FAILED:
            raise
        return False
    return True


def update_media(
    media_id: str, update: str, condition: str, *, names: dict[str, str], values: dict[str, Any]
) -> Media | Unmet:
    """Update an item under a condition. Returns the media as it is then, or why nothing was changed."""
    try:
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
    except ClientError as error:
        if error_code(error) != _CONDITION_FAILED:
            raise
        item: dict[str, Any] | None = error.response.get("Item")  # type: ignore[assignment]
        return Unmet(None if item is None else Media.from_item(item), error)
    return Media.from_item(answer["Attributes"])


def usable(now: str) -> dict[str, Any]:
    """Return the values of USABLE."""
    return {":ready": {"S": READY}, ":now": {"S": now}}


def refusal(existing: Media | None, owner: str, now: str) -> ProblemError | None:
    """Return why a caller cannot download or share a media, None if they can."""
    if existing is None or existing.owner != owner:
        return MediaNotFoundError()
    if existing.expires_at <= now:
        return MediaExpiredError()
    if existing.status != READY:
        return MediaNotReadyError(f"The media is {existing.status}.")
    return None


def _table() -> str:
    return os.environ["MEDIA_TABLE"]


def _key(media_id: str) -> dict[str, Any]:
    return {"id": {"S": media_id}}
