"""What conversations are made of, and how it lies in the one table. Pure; no AWS.

    item          pk           sk
    conversation  MSG#{id}     GROUP
    message       MSG#{id}     {time}#{message id}
    group row     GRP#{user}   sort key of the newest message: one row for each member
    once          MSG#{id}     ONCE#{hash of an Idempotency-Key}, or in GRP#{user}

Sort keys of messages begin with a digit, all others with a letter: `sk < LETTERS` are the messages.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.errors import InvalidBodyError, InvalidParameterError, NotFoundError
from shared.ids import is_id
from shared.text import has_control_characters

LETTERS = "A"
GROUP_SORT_KEY = "GROUP"

_TEXT = {"type": "string", "minLength": 1, "maxLength": 1024}
NEW_GROUP = {
    "type": "object",
    "additionalProperties": False,
    "required": ["to", "message"],
    "properties": {"to": {"type": "string", "pattern": "^[A-Za-z0-9-]{1,128}$"}, "message": _TEXT},
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
        super().__init__("The caller is in no conversation with this id.")


@dataclass(frozen=True, slots=True)
class Message:
    """One message. Its sort key is its time, and its id where two have the same millisecond."""

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
        """Its place in time."""
        return f"{self.created_at}#{self.id}"

    def to_item(self) -> dict[str, Any]:
        """Return the message as DynamoDB attribute values."""
        return {
            **conversation_key(self.group_id, self.sort_key),
            "message_uuid": {"S": self.id},
            "user_uuid": {"S": self.sender},
            "message": {"S": self.text},
            "created_at": {"S": self.created_at},
        }

    def to_json(self) -> dict[str, Any]:
        """Return the message as the API answers it."""
        return {"id": self.id, "from": self.sender, "message": self.text, "created_at": self.created_at}


@dataclass(frozen=True, slots=True)
class Conversation:
    """Who is in a conversation, and the sort key of its newest message, which is where its group rows are."""

    id: str
    members: tuple[str, ...]
    newest: str

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> "Conversation":
        """Read a conversation from DynamoDB attribute values."""
        members = tuple(sorted(item["members"]["SS"]))
        return cls(item["pk"]["S"].removeprefix("MSG#"), members, item["newest_sk"]["S"])

    def to_item(self) -> dict[str, Any]:
        """Return the conversation as DynamoDB attribute values."""
        return {
            **conversation_key(self.id, GROUP_SORT_KEY),
            "message_group_uuid": {"S": self.id},
            "members": {"SS": list(self.members)},
            "newest_sk": {"S": self.newest},
        }

    def other(self, member: str) -> str:
        """Return who a member talks to."""
        (other,) = (each for each in self.members if each != member)
        return other

    def group_rows(self, newest: Message) -> list[dict[str, Any]]:
        """Return the rows, one for each member, that show a message as the newest."""
        return [
            {
                **group_key(member, newest.sort_key),
                "message_group_uuid": {"S": self.id},
                "user_uuid": {"S": self.other(member)},
                "message": {"S": newest.text},
            }
            for member in self.members
        ]


def group_to_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a group row as the API answers it."""
    return {
        "id": row["message_group_uuid"]["S"],
        "with": row["user_uuid"]["S"],
        "message": row["message"]["S"],
        "last_message_at": row["sk"]["S"].partition("#")[0],
    }


def conversation_key(group_id: str, sort_key: str) -> dict[str, Any]:
    """Return the key of what lies in a conversation."""
    return {"pk": {"S": f"MSG#{group_id}"}, "sk": {"S": sort_key}}


def group_key(user_id: str, sort_key: str) -> dict[str, Any]:
    """Return the key of what lies in a user's list."""
    return {"pk": {"S": f"GRP#{user_id}"}, "sk": {"S": sort_key}}


def check_text(text: str) -> None:
    """Raises InvalidBodyError for a message without anything to read, or with what cannot be."""
    if not text.strip() or has_control_characters(text, allowed="\t\n"):
        raise InvalidBodyError("message takes text, of printable characters, tabs and line feeds")


def check_group_id(group_id: str) -> str:
    """Raises MessageGroupNotFoundError for what cannot be an id."""
    if not is_id(group_id):
        raise MessageGroupNotFoundError
    return group_id


def is_newest_first(order: str) -> bool:
    """Raises InvalidParameterError unless the order is asc or desc."""
    if order not in {"asc", "desc"}:
        raise InvalidParameterError("order must be asc or desc.")
    return order == "desc"
