"""A function behind Lambda's API: on the emulator, on AWS, or in `sam local start-lambda`."""

import base64
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from dev.cases import Outcome


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
        return Outcome(None, str(failure.get("errorMessage", "Unhandled")), log)
    return Outcome(payload, None, log)
