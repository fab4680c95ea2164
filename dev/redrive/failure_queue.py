"""Handles each message of a failure queue once, and deletes it if its records are processed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

HOLD_SECONDS = 120
"""Visibility timeout of a message, in case this process is killed."""

type Message = dict[str, Any]
"""As SQS gives it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of one message: whether its records are processed, and a line of text."""

    handled: bool
    line: str


def work_through(sqs: Any, queue_url: str, answer: Callable[[Message], Answer]) -> Iterator[Answer]:
    """Yield the result of every message. Messages that failed again are kept and visible at once."""
    queue = _Queue(sqs, queue_url)
    try:
        for message in queue.receive():
            answered = answer(message)
            if answered.handled:
                queue.delete(message)
            yield answered
    finally:
        queue.show_what_is_left()


@dataclass
class _Queue:
    """Messages of one queue, each received once."""

    sqs: Any
    url: str
    _held: dict[str, str] = field(default_factory=dict)
    """Receipt handle by message id."""

    def receive(self) -> Iterator[Message]:
        seen: set[str] = set()
        while True:
            answer = self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10, VisibilityTimeout=HOLD_SECONDS)
            messages = answer.get("Messages", [])
            self._held |= {message["MessageId"]: message["ReceiptHandle"] for message in messages}
            fresh = [message for message in messages if message["MessageId"] not in seen]
            if not fresh:
                return
            for message in fresh:
                seen.add(message["MessageId"])
                yield message

    def delete(self, message: Message) -> None:
        self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=self._held.pop(message["MessageId"]))

    def show_what_is_left(self) -> None:
        for handle in self._held.values():
            self.sqs.change_message_visibility(QueueUrl=self.url, ReceiptHandle=handle, VisibilityTimeout=0)
        self._held.clear()
