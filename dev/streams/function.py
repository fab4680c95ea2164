"""A deployed consumer, invoked with batches."""

import base64
import json
from decimal import Decimal
from typing import Any

from dev.cases import Outcome


class DeployedFunction:
    """A function by ARN or name, on the emulator or on AWS."""

    def __init__(self, client: Any, arn: str) -> None:
        self._client = client
        self._arn = arn

    def __call__(self, event: dict[str, Any]) -> Outcome:
        answer = self._client.invoke(FunctionName=self._arn, Payload=json.dumps(event), LogType="Tail")
        payload = json.loads(answer["Payload"].read() or "null", parse_float=Decimal)
        written = base64.b64decode(answer.get("LogResult", "")).decode(errors="replace")
        if "FunctionError" in answer:
            return Outcome(None, _error_type(payload), written)
        return Outcome(payload, None, written)


def _error_type(payload: Any) -> str:
    return str(payload.get("errorType", "Unhandled")) if isinstance(payload, dict) else "Unhandled"
