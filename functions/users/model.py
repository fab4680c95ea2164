"""Changes of users, read from stream records and archived as JSON. Pure; no AWS."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class UserChange:
    """The creation or deletion of a user. `kind` is created or deleted; `item` has DynamoDB attribute values."""

    event_id: str
    kind: str
    user_id: str
    happened_at: str
    item: dict[str, Any]

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> "UserChange | None":
        """Read a stream record; None for a MODIFY. Raises KeyError for a record without an image."""
        change = record["dynamodb"]
        if record["eventName"] == "INSERT":
            kind, item = "created", change["NewImage"]
        elif record["eventName"] == "REMOVE":
            kind, item = "deleted", change["OldImage"]
        else:
            return None
        happened_at = datetime.fromtimestamp(change["ApproximateCreationDateTime"], UTC)
        return cls(
            event_id=record["eventID"],
            kind=kind,
            user_id=change["Keys"]["UserId"]["S"],
            happened_at=happened_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
            item=item,
        )

    @property
    def object_key(self) -> str:
        """Key in the archive, by user and day. A record that is delivered again has the same key."""
        return f"{self.user_id}/{self.happened_at[:10]}/{self.event_id}.json"
