"""A user pool and log groups in memory: moto would need more libraries for them."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class FakePool:
    """The part of a Cognito client that `dev forget` uses. `users` holds the attributes of users by name."""

    users: dict[str, dict[str, str]]
    disabled: list[str] = field(default_factory=list)

    def get_paginator(self, _operation: str) -> "FakePool":
        return self

    def paginate(self, **_request: Any) -> list[dict[str, Any]]:
        """Return each user on a page of their own."""
        return [
            {"Users": [{"Username": name, "Attributes": [{"Name": n, "Value": v} for n, v in attributes.items()]}]}
            for name, attributes in self.users.items()
        ]

    def admin_disable_user(self, Username: str, **_request: Any) -> None:  # noqa: N803
        self.disabled.append(Username)

    def admin_user_global_sign_out(self, **_request: Any) -> None:
        pass

    def admin_delete_user(self, Username: str, **_request: Any) -> None:  # noqa: N803
        del self.users[Username]


@dataclass
class FakeLogs:
    """Log groups, each with one log stream whose messages are given."""

    messages: list[str]

    def get_paginator(self, _operation: str) -> "FakeLogs":
        return self

    def paginate(self, filterPattern: str, **_request: Any) -> list[dict[str, Any]]:  # noqa: N803
        found = [message for message in self.messages if filterPattern.strip('"') in message]
        return [{"events": [{"logStreamName": "stream-1", "message": message} for message in found]}]
