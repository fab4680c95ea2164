"""A function behind Lambda's API: on the emulator, on AWS, or in `sam local start-lambda`."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from botocore.config import Config

LONGEST_INVOCATION_SECONDS = 900
"""Maximum timeout of a function."""
SENT_ONCE = Config(read_timeout=LONGEST_INVOCATION_SECONDS + 10, retries={"total_max_attempts": 1})
"""How a client sends events. A repeat of a call, while the function still runs, would be a second event."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of a function or the message of its error, its log, and the traceback of its error if known."""

    result: Any
    error: str | None
    log: str
    traceback: str = ""


type InvokeFunction = Callable[[str, dict[str, Any]], Outcome]
"""Sends an event to a function, by ARN."""


def invoke(client: Any, name: str, event: dict[str, Any]) -> Outcome:
    """Send an event to a function, by ARN or name."""
    answer = client.invoke(FunctionName=name, Payload=json.dumps(event), LogType="Tail")
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
