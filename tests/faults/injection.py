"""Faults of AWS calls, between botocore and AWS in memory.

A call is one operation of the SDK. The SDK makes up to three attempts of it.
"""

import contextlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from unittest import mock

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ConnectionClosedError, EndpointConnectionError, ReadTimeoutError
from botocore.retries.quota import RetryQuota
from moto.core.botocore_stubber import BotocoreStubber, MockRawResponse

EVERY = None
"""Instead of the number of an attempt."""

ANSWERS = {
    "throttled": ((400, "ThrottlingException"), (503, "SlowDown")),
    "throughput exceeded": ((400, "ProvisionedThroughputExceededException"), None),
    "limit exceeded": ((400, "RequestLimitExceeded"), None),
    "failed": ((500, "InternalServerError"), (500, "InternalError")),
    "unavailable": ((503, "ServiceUnavailable"), (503, "ServiceUnavailable")),
    "denied": ((400, "AccessDeniedException"), (403, "AccessDenied")),
    "in conflict": ((400, "TransactionCanceledException"), None),
}
"""Answers to calls without effect: status and code of DynamoDB and of S3, None if the service does not answer this."""

type Attempt = tuple[int, int | None]
"""The number of a call in its invocation, and of its attempt."""
type Faults = Mapping[Attempt, str]


class ProcessGone(BaseException):
    """The process that runs the function ends."""


@dataclass
class Calls:
    """The calls of one invocation. `made` contains service and operation of each."""

    faults: Faults = field(default_factory=dict)
    made: list[str] = field(default_factory=list)
    _call_id: str = ""
    _attempt: int = 0
    _tokens: dict[str, Any] = field(default_factory=dict)

    def send(self, stubber: BotocoreStubber, event_name: str, request: AWSPreparedRequest) -> AWSResponse:
        """Do or fail an attempt."""
        call_id = str(request.headers["amz-sdk-invocation-id"])
        if call_id != self._call_id:
            self._call_id, self._attempt = call_id, 0
            self.made.append(event_name.removeprefix("before-send."))
        call, attempt = len(self.made) - 1, self._attempt
        self._attempt += 1
        fault = self.faults.get((call, attempt)) or self.faults.get((call, EVERY))
        if fault == "gone before":
            raise ProcessGone
        if fault == "rejected":
            raise EndpointConnectionError(endpoint_url=request.url)
        if fault in ANSWERS:
            return _response(request, *_error(fault, is_s3=event_name.startswith("before-send.s3")))
        answer = self._do(stubber, request)
        if fault == "lost":
            raise ReadTimeoutError(endpoint_url=request.url)
        if fault == "cut off":
            raise ConnectionClosedError(endpoint_url=request.url)
        if fault == "gone after":
            raise ProcessGone
        return _response(request, *answer)

    def _do(self, stubber: BotocoreStubber, request: AWSPreparedRequest) -> Any:
        """Unlike DynamoDB, moto ignores the token that makes a repeated transaction succeed without effect."""
        if not self.made[-1].endswith("TransactWriteItems"):
            return stubber.process_request(request)
        token = json.loads(cast("bytes", request.body))["ClientRequestToken"]
        answer: Any = self._tokens.get(token) or stubber.process_request(request)
        if answer[0] == 200:
            self._tokens[token] = answer
        return answer


def _error(fault: str, *, is_s3: bool) -> tuple[int, dict[str, str], str]:
    of_dynamodb, of_s3 = ANSWERS[fault]
    status, code = (of_s3 if is_s3 else of_dynamodb) or (500, "InternalError")
    if is_s3:
        return status, {}, f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>No.</Message></Error>"
    body: dict[str, Any] = {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "No."}
    if fault == "in conflict":
        body["CancellationReasons"] = [{"Code": "TransactionConflict", "Message": "No."}]
    return status, {}, json.dumps(body)


def _response(request: AWSPreparedRequest, status: int, headers: Any, body: Any) -> AWSResponse:
    return AWSResponse(request.url, status, headers, MockRawResponse(body))


@contextlib.contextmanager
def calls(faults: Faults) -> Iterator[Calls]:
    """Record every call, and inject faults. Repeats of the SDK neither wait nor run out."""
    found = Calls(faults)
    send = lambda stubber, event_name, request, **_: found.send(stubber, event_name, request)  # noqa: E731
    with (
        mock.patch.object(BotocoreStubber, "__call__", send),
        mock.patch.object(RetryQuota, "acquire", return_value=True),
        mock.patch("time.sleep"),
    ):
        yield found
