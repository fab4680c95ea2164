"""Message groups and messages, and their items in one table. Pure; no AWS.

    item       pk           sk
    group      MSG#{id}     GROUP
    message    MSG#{id}     {time}#{message id}
    group row  GRP#{user}   sort key of the newest message: one row for each member

`user_uuid` is the sender in a message, and the other member in a group row. Sort keys of messages and group rows begin
with a digit: `sk < MESSAGE_KEYS_END` excludes the group.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.errors import InvalidBodyError, InvalidParameterError, NotFoundError
from shared.ids import is_id
from shared.text import has_control_characters

MESSAGE_KEYS_END = "A"
GROUP_SORT_KEY = "GROUP"

_TEXT = {"type": "string", "minLength": 1, "maxLength": 1024}
NEW_GROUP = {
    "type": "object",
    "additionalProperties": False,
    "required": ["to", "message"],
    "properties": {"to": {"type": "string", "pattern": "^[a-z0-9-]{1,128}$"}, "message": _TEXT},
}
NEW_MESSAGE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["message"],
    "properties": {"message": _TEXT},
}


class MessageGroupNotFoundError(NotFoundError):
    code = "MessageGroupNotFound"

    def __init__(self) -> None:
        super().__init__("The caller is not a member of a message group with this id.")


@dataclass(frozen=True, slots=True)
class Message:
    """A message. `group_id` is its message group's id, `sender` a user's id."""

    id: str
    group_id: str
    sender: str
    text: str
    created_at: str

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> "Message":
        """Read a message from DynamoDB attribute values. Raises KeyError for another kind of item."""
        return cls(
            id=item["message_uuid"]["S"],
            group_id=item["pk"]["S"].removeprefix("MSG#"),
            sender=item["user_uuid"]["S"],
            text=item["message"]["S"],
            created_at=item["created_at"]["S"],
        )

    @property
    def sort_key(self) -> str:
        """By time, and by id within a millisecond."""
        return f"{self.created_at}#{self.id}"

    def to_item(self) -> dict[str, Any]:
        """Return the message as DynamoDB attribute values."""
        return {
            **group_key(self.group_id, self.sort_key),
            "message_uuid": {"S": self.id},
            "user_uuid": {"S": self.sender},
            "message": {"S": self.text},
            "created_at": {"S": self.created_at},
        }

    def to_json(self) -> dict[str, Any]:
        """Return the message as the API returns it."""
        return {"id": self.id, "from": self.sender, "message": self.text, "created_at": self.created_at}


@dataclass(frozen=True, slots=True)
class MessageGroup:
    """A message group. `newest` is the sort key of its newest message, and of its group rows."""

    id: str
    members: tuple[str, ...]
    newest: str

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> "MessageGroup":
        """Read a message group from DynamoDB attribute values."""
        members = tuple(sorted(item["members"]["SS"]))
        return cls(item["pk"]["S"].removeprefix("MSG#"), members, item["newest_sk"]["S"])

    def to_item(self) -> dict[str, Any]:
        """Return the message group as DynamoDB attribute values."""
        return {
            **group_key(self.id, GROUP_SORT_KEY),
            "message_group_uuid": {"S": self.id},
            "members": {"SS": list(self.members)},
            "newest_sk": {"S": self.newest},
        }

    def other(self, member: str) -> str:
        """Return the other member."""
        (other,) = (each for each in self.members if each != member)
        return other

    def rows(self, newest: Message) -> list[dict[str, Any]]:
        """Return one row for each member, with `newest` as the newest message."""
        return [
            {
                **row_key(member, newest.sort_key),
                "message_group_uuid": {"S": self.id},
                "user_uuid": {"S": self.other(member)},
                "message": {"S": newest.text},
            }
            for member in self.members
        ]


def group_to_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a group row as the API returns it."""
    return {
        "id": row["message_group_uuid"]["S"],
        "with": row["user_uuid"]["S"],
        "message": row["message"]["S"],
        "last_message_at": row["sk"]["S"].partition("#")[0],
    }


def group_key(group_id: str, sort_key: str) -> dict[str, Any]:
    """Return the key of an item in a message group."""
    return {"pk": {"S": f"MSG#{group_id}"}, "sk": {"S": sort_key}}


def row_key(user_id: str, sort_key: str) -> dict[str, Any]:
    """Return the key of a group row in a user's list."""
    return {"pk": {"S": f"GRP#{user_id}"}, "sk": {"S": sort_key}}


def check_text(text: str) -> str:
    """Return the text of a message. Raises InvalidBodyError if it is blank or contains control characters."""
    if not text.strip() or has_control_characters(text, allowed="\t\n"):
        raise InvalidBodyError(
            "message must not be blank, and can contain no control characters but tab and line feed."
        )
    return text


def check_group_id(group_id: str) -> str:
    """Return a message group's id in a path. Raises MessageGroupNotFoundError for a malformed id."""
    if not is_id(group_id):
        raise MessageGroupNotFoundError
    return group_id


def is_newest_first(order: str) -> bool:
    """Return whether the order is desc. Raises InvalidParameterError unless it is asc or desc."""
    if order not in {"asc", "desc"}:
        raise InvalidParameterError("order must be asc or desc.")
    return order == "desc"
