"""Clients are rejected while the stack stops, and what they began is counted."""

import json
from collections.abc import Coroutine, Generator
from typing import Any

import pytest

from dev.local_aws.clients import CLOSE, OPEN, Clients

API, FORM, SDK = "/_aws/execute-api/local/v1/notes", "/bucket", "/"
JSON = "application/json"

type Request = Coroutine[None, None, tuple[int, object]]


class Pause:
    """Interrupts a request until it is sent the next value."""

    def __await__(self) -> Generator[None]:
        yield


async def application(_scope: Any, _receive: Any, send: Any) -> None:
    await Pause()
    await send({"type": "http.response.start", "status": 200})
    await send({"type": "http.response.body", "body": b'"answer"'})


async def request(clients: Clients, path: str, content_type: str = JSON) -> tuple[int, object]:
    """Return status and content of an answer."""
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        pytest.fail("Nobody reads the body.")

    scope = {"type": "http", "path": path, "headers": [(b"content-type", content_type.encode())]}
    await clients(scope, receive, send)
    return sent[0]["status"], json.loads(sent[1]["body"])


def finish(request: Request) -> tuple[int, object]:
    """Run a request to its end, without the sockets of an event loop."""
    while True:
        try:
            request.send(None)
        except StopIteration as done:
            answer: tuple[int, object] = done.value
            return answer


@pytest.mark.parametrize(
    ("path", "content_type", "status"),
    [(API, JSON, 503), (FORM, "multipart/form-data; boundary=x", 503), (SDK, JSON, 200)],
)
def test_closed_emulator_answers_sdks_only(path: str, content_type: str, status: int) -> None:
    clients, found = Clients(application), []

    for change in (CLOSE, OPEN):
        finish(request(clients, change))
        found.append(finish(request(clients, path, content_type))[0])

    assert found == [status, 200]


def test_request_in_progress_is_finished() -> None:
    clients = Clients(application)
    begun = request(clients, API)
    begun.send(None)

    assert finish(request(clients, CLOSE)) == (200, 1)
    assert finish(begun) == (200, "answer")
    assert finish(request(clients, CLOSE)) == (200, 0)
