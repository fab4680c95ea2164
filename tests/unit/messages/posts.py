"""Both POSTs, as one: a text, perhaps with an Idempotency-Key."""

from collections.abc import Callable
from typing import Any

from messages import create, create_group
from tests.unit.http_events import call
from tests.unit.messages.calls import ALICE, GROUP, message_event

type Answer = tuple[int, Any, dict[str, str]]
type Post = Callable[..., Answer]


def begin(text: Any, key: str | None = None, caller: str = ALICE) -> Answer:
    headers = {} if key is None else {"Idempotency-Key": key}
    return call(create_group.handler, message_event({"to": "dave", "message": text}, caller=caller, headers=headers))


def say(text: Any, key: str | None = None, caller: str = ALICE) -> Answer:
    headers = {} if key is None else {"idempotency-key": key}
    return call(create.handler, message_event({"message": text}, caller=caller, group_id=GROUP, headers=headers))
