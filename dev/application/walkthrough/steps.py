"""Steps of the walk-through: requests whose answers are shown and checked, and log lines to wait for."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import httpx

from dev.application.stack import Stack
from dev.errors import DevError
from dev.local_aws import logs
from dev.local_aws.waiting import poll

NONE: dict[str, str] = {}

type Headers = Mapping[str, str]


class Show(Protocol):
    """Where the steps are shown."""

    def pattern(self, name: str, about: str) -> None:
        """Begin the steps of a pattern."""

    def step(self, what: str, result: str = "", *, ok: bool = True) -> None:
        """Show a step and its result."""


class Steps:
    """Sends requests, shows them with their answers, and checks the status."""

    def __init__(self, http: httpx.Client, show: Show, summary: Callable[[Any], str]) -> None:
        self._http = http
        self._show = show
        self._summary = summary
        self.called: dict[str, str] = {}
        """What is shown in place of ids and tokens that are another in each run."""

    def __call__(
        self,
        expected: int,
        method: str,
        path: str,
        note: str = "",
        secret: Headers = NONE,
        *,
        until: Callable[[httpx.Response], bool] = lambda _: True,
        **sent: Any,
    ) -> httpx.Response:
        """Send a request, again `until` its answer is complete. Show and check that answer.

        `secret` contains headers that are not shown; `note` describes them.
        """
        headers = sent.pop("headers", NONE)
        answer = poll(
            lambda: self._http.request(method, path, headers={**headers, **secret}, **sent),
            until,
            f"{method} /{path}{note}",
        )
        ok = answer.status_code == expected and until(answer)
        shown = "".join([*(f" {name}: {value}" for name, value in headers.items()), note])
        self.show(f"{answer.status_code} {method:<6} /{path}{shown}", self._gist(answer) if ok else "", ok=ok)
        if not ok:
            raise DevError(f"{method} /{path} answered {answer.status_code}, not {expected}: {answer.text}")
        return answer

    def show(self, what: str, result: str = "", *, ok: bool = True) -> None:
        """Show a step."""
        self._show.step(self._renamed(what), self._renamed(result), ok=ok)

    def _renamed(self, text: str) -> str:
        for value in sorted(self.called, key=len, reverse=True):
            text = text.replace(value, self.called[value])
        return text

    def _gist(self, answer: httpx.Response) -> str:
        """Return code and detail of an error, or a summary of a body."""
        if not answer.content:
            return ""
        body = answer.json()
        return f"{body['code']}: {body['detail']}" if "code" in body else self._summary(body)


def log_lines(
    stack: Stack, function: str, since: int, wanted: Callable[[dict[str, Any]], bool], count: int
) -> list[dict[str, Any]]:
    """Wait for `count` matching log lines of a function since a time, and return the last ones."""
    lines = poll(
        lambda: [entry.fields for entry in logs.read(stack, [function], since) if wanted(entry.fields)],
        lambda lines: len(lines) >= count,
        f"{function} to log (its errors: dev logs {function})",
    )
    if len(lines) < count:
        raise DevError(f"{function} logged {lines}, where {count} lines were expected. See: dev logs {function}")
    return lines[-count:]
