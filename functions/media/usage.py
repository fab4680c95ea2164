"""The usage of an owner: the bytes of their media, and the pending ones. It is written together with each media.

An owner has one usage item. It is read, changed and written back if it is still as it was read.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from media.errors import MediaQuotaExceededError
from media.model import PENDING, Media
from media.validation import MAX_OWNER_BYTES, MAX_PENDING
from shared.aws import ClientError, ConditionFailedError, attempts, dynamodb_client, is_write_conflict, transact_write
from shared.clock import epoch_seconds
from shared.errors import ThrottledError

MAX_ATTEMPTS = 8
"""Attempts to write a usage that other requests of its owner write at the same time."""

_USAGE = "#usage"

_dynamodb = dynamodb_client()


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What the media of an owner take.

    `bytes_by_day` maps the days on which media expire, in UTC, to their bytes. `pending` maps the ids of pending media
    to their expiry.
    """

    owner: str
    bytes_by_day: Mapping[str, int] = field(default_factory=dict)
    pending: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> "Usage":
        """Return the usage in a DynamoDB item."""
        return cls(
            owner=item["id"]["S"].removesuffix(_USAGE),
            bytes_by_day={day: int(value["N"]) for day, value in item["bytes_by_day"]["M"].items()},
            pending={media_id: value["S"] for media_id, value in item["pending"]["M"].items()},
        )

    def to_item(self) -> dict[str, Any]:
        """Return the DynamoDB item, with `ttl`: the end of the last day in seconds since 1970."""
        ends = (epoch_seconds(f"{day}T23:59:59.999Z") for day in self.bytes_by_day)
        return _key(self.owner) | {
            "ttl": {"N": str(max(ends, default=0))},
            "bytes_by_day": {"M": {day: {"N": str(count)} for day, count in self.bytes_by_day.items()}},
            "pending": {"M": {media_id: {"S": expires_at} for media_id, expires_at in self.pending.items()}},
        }

    @property
    def bytes(self) -> int:
        """The bytes of all media."""
        return sum(self.bytes_by_day.values())

    def check_quota(self) -> "Usage":
        """Return the usage. Raises MediaQuotaExceededError if it exceeds a limit."""
        if self.bytes > MAX_OWNER_BYTES:
            raise MediaQuotaExceededError(
                f"Your media would take more than {MAX_OWNER_BYTES // 2**30} GiB. Delete some or upload a smaller file."
            )
        if len(self.pending) > MAX_PENDING:
            raise MediaQuotaExceededError(
                f"{MAX_PENDING} of your media are pending. Upload their files, delete some, or wait until they expire."
            )
        return self

    def without_expired(self, now: str) -> "Usage":
        """Return the usage without days that are over, and without pending media that have expired."""
        return replace(
            self,
            bytes_by_day={day: count for day, count in self.bytes_by_day.items() if day >= now[:10]},
            pending={media_id: expires_at for media_id, expires_at in self.pending.items() if expires_at > now},
        )

    def with_media(self, media: Media) -> "Usage":
        """Return the usage with one more media."""
        pending = {media.id: media.expires_at} if media.status == PENDING else {}
        return replace(self, bytes_by_day=self._with_bytes(media, media.size), pending={**self.pending, **pending})

    def without_media(self, media: Media) -> "Usage":
        """Return the usage without one of its media."""
        pending = {media_id: expires_at for media_id, expires_at in self.pending.items() if media_id != media.id}
        return replace(self, bytes_by_day=self._with_bytes(media, -media.size), pending=pending)

    def _with_bytes(self, media: Media, count: int) -> dict[str, int]:
        day = media.expires_at[:10]  # max(): media stored before the quota existed are not counted
        return {**self.bytes_by_day, day: max(self.bytes_by_day.get(day, 0) + count, 0)}


def write_with_usage(writes: list[dict[str, Any]], owner: str, change: Callable[[Usage], Usage]) -> None:
    """Write items and the changed usage of their owner, or nothing.

    Raises ConditionFailedError if a condition of `writes` does not hold, and ThrottledError after MAX_ATTEMPTS.
    """
    for _ in attempts(MAX_ATTEMPTS):
        usage = _get_usage(owner)
        try:
            return transact_write([*writes, _put(change(usage), usage)])
        except ConditionFailedError as error:
            if error.items.keys() != {len(writes)}:
                raise
        except ClientError as error:
            if not is_write_conflict(error):
                raise
    raise ThrottledError("Another request is changing the caller's media. Try again.")


def _get_usage(owner: str) -> Usage:
    """Get the usage of an owner, strongly consistent."""
    answer = _dynamodb.get_item(TableName=_table(), Key=_key(owner), ConsistentRead=True)
    return Usage.from_item(answer["Item"]) if "Item" in answer else Usage(owner=owner)


def _put(usage: Usage, read: Usage) -> dict[str, Any]:
    """Return the write of a usage if the stored one is as it was read."""
    item = read.to_item()
    return {
        "Put": {
            "TableName": _table(),
            "Item": usage.to_item(),
            "ConditionExpression": "attribute_not_exists(id) OR (bytes_by_day = :bytes_by_day AND pending = :pending)",
            "ExpressionAttributeValues": {":bytes_by_day": item["bytes_by_day"], ":pending": item["pending"]},
        }
    }


def _key(owner: str) -> dict[str, Any]:
    return {"id": {"S": owner + _USAGE}}


def _table() -> str:
    return os.environ["MEDIA_TABLE"]
