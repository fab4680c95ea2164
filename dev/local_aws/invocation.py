"""A function behind Lambda's API: on the emulator, on AWS, or in `sam local start-lambda`."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

LONGEST_INVOCATION_SECONDS = 900
"""Maximum timeout of a function."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a function or the message of its error, its log, and the traceback of its error if known."""

    result: Any
    error: str | None
    log: str
    traceback: str = ""


type InvokeFunction = Callable[[str, dict[str, Any]], Outcome]
"""Sends an event to a function, by ARN."""


class DeployedFunction:
    """A function by ARN or name."""

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self._name = name

    def __call__(self, event: dict[str, Any]) -> Outcome:
        answer = self._client.invoke(FunctionName=self._name, Payload=json.dumps(event), LogType="Tail")
        return outcome(answer, base64.b64decode(answer.get("LogResult", "")).decode(errors="replace"))


def outcome(answer: Mapping[str, Any], log: str) -> Outcome:
    """Return the outcome in an answer to Invoke; the error is its message."""
    payload = json.loads(answer["Payload"].read() or "null", parse_float=Decimal)
    failure = payload if isinstance(payload, dict) else {}
    if "FunctionError" in answer or "errorType" in failure:  # `sam local` does not name every error one
        error = str(failure.get("errorMessage", "Unhandled"))
        return Outcome(None, error, log, _traceback(failure))
    return Outcome(payload, None, log)


def _traceback(failure: Mapping[str, Any]) -> str:
    frames = "".join(failure.get("stackTrace", []))
    return f"{frames.rstrip()}\n{failure.get('errorType')}: {failure.get('errorMessage')}" if frames else ""


def function_arn(client: Any, name: str) -> str:
    """Return the ARN of a deployed function."""
    return str(client.get_function_configuration(FunctionName=name)["FunctionArn"])
