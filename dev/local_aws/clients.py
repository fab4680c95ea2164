"""Requests of clients, which the emulator rejects while `dev down` stops the stack.

Clients send requests to the API and post forms to buckets. Functions, the stream poller and SDKs send signed requests.
"""

import json
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

OPEN, CLOSE = "/_dev/open", "/_dev/close"
"""Paths that accept or reject clients. The answer is the number of their requests and events in progress."""

_EVENT_THREADS = ("(run)", "(_execute_function_with_config_scope)")
"""Ends of the names of MiniStack's threads for events of buckets, asynchronous invocations and their failures."""

type _Message = MutableMapping[str, Any]
type _Send = Callable[[_Message], Awaitable[None]]
type _Application = Callable[[_Message, Callable[[], Awaitable[_Message]], _Send], Awaitable[None]]


class Clients:
    """MiniStack's ASGI application, with the two paths."""

    def __init__(self, application: _Application) -> None:
        self._application = application
        self._closed = False
        self._requests = 0

    async def __call__(self, scope: _Message, receive: Callable[[], Awaitable[_Message]], send: _Send) -> None:
        if scope["type"] == "http" and scope["path"] in (OPEN, CLOSE):
            self._closed = scope["path"] == CLOSE
            await _answer(send, 200, self._requests + _events())
        elif scope["type"] != "http" or not _is_from_client(scope):
            await self._application(scope, receive, send)
        elif self._closed:
            await _answer(send, 503, {"message": "The local stack is stopping. Start it again with: dev up"})
        else:
            self._requests += 1
            try:
                await self._application(scope, receive, send)
            finally:
                self._requests -= 1


def _is_from_client(scope: _Message) -> bool:
    path: str = scope["path"]
    content_type: bytes = dict(scope["headers"]).get(b"content-type", b"")
    return path.startswith("/_aws/execute-api/") or content_type.startswith(b"multipart/form-data")


def _events() -> int:
    return sum(thread.name.endswith(_EVENT_THREADS) for thread in threading.enumerate())


async def _answer(send: _Send, status: int, content: object) -> None:
    headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(content).encode()})
