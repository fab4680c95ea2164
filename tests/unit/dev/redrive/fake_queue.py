"""A queue in memory."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class FakeQueue:
    """A queue; what is received is out of sight until it is deleted or shown again."""

    visible: dict[str, str] = field(default_factory=dict)
    held: dict[str, str] = field(default_factory=dict)

    def put(self, *bodies: str) -> None:
        self.visible |= {f"m{len(self.visible) + index}": body for index, body in enumerate(bodies)}

    def receive_message(self, *, QueueUrl: str, MaxNumberOfMessages: int, VisibilityTimeout: int) -> dict[str, Any]:  # noqa: N803
        names = list(self.visible)[:MaxNumberOfMessages]
        received = {name: self.visible.pop(name) for name in names}
        self.held |= received
        messages = [{"MessageId": name, "ReceiptHandle": name, "Body": body} for name, body in received.items()]
        return {"Messages": messages} if messages else {}

    def delete_message(self, *, QueueUrl: str, ReceiptHandle: str) -> None:  # noqa: N803
        del self.held[ReceiptHandle]

    def change_message_visibility(self, *, QueueUrl: str, ReceiptHandle: str, VisibilityTimeout: int) -> None:  # noqa: N803
        assert VisibilityTimeout == 0
        self.visible[ReceiptHandle] = self.held.pop(ReceiptHandle)
