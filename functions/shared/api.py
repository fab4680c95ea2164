"""Functions behind API Gateway: requests, responses, and errors as problem+json."""

import base64
import binascii
import functools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from aws_lambda_powertools.logging import correlation_paths

from shared.errors import InternalError, InvalidBodyError, ProblemError, ThrottledError, UnavailableError
from shared.observability import MetricUnit, logger, metrics

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

_THROTTLING = {
    *("ProvisionedThroughputExceededException", "RequestLimitExceeded", "ThrottlingException"),
    *("TransactionConflictException", "TransactionInProgressException"),
    *("ProvisionedThroughputExceeded", "ThrottlingError", "TransactionConflict"),  # of a cancelled transaction
}
_UNAVAILABLE = {"SlowDown", "ServiceUnavailable"}  # S3 sends SlowDown also if the caller has sent one request only


@dataclass(frozen=True, slots=True)
class Request:
    """A REST proxy event of API Gateway. Header names are lower case. `path` begins with the stage.

    `api_url` is the API's address for browsers, from the stage variable ApiUrl; empty without one. Callers can choose
    `request_id`.
    """

    path: str
    api_url: str
    path_parameters: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    claims: Mapping[str, Any]
    body: str
    is_base64: bool
    request_id: str

    @classmethod
    def from_event(cls, event: Mapping[str, Any]) -> "Request":
        """Read an event. Raises KeyError for one that is not from API Gateway."""
        context = event["requestContext"]
        return cls(
            path=context["path"],
            api_url=(event.get("stageVariables") or {}).get("ApiUrl", ""),
            path_parameters=event["pathParameters"] or {},
            query=event["queryStringParameters"] or {},
            headers={name.lower(): value for name, value in (event["headers"] or {}).items()},
            claims=(context.get("authorizer") or {}).get("claims") or {},
            body=event["body"] or "",
            is_base64=event["isBase64Encoded"],
            request_id=context["requestId"],
        )

    def body_bytes(self) -> bytes:
        """Return the decoded body. Raises InvalidBodyError."""
        try:
            return base64.b64decode(self.body, validate=True) if self.is_base64 else self.body.encode()
        except (binascii.Error, UnicodeError) as error:
            raise InvalidBodyError("The body could not be decoded.") from error


@dataclass(frozen=True, slots=True)
class Response:
    """A response. A mapping is sent as JSON, its Decimals as numbers; text needs a Content-Type in `headers`."""

    status: int
    body: Mapping[str, Any] | str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


type ApiHandler = Callable[[Request], Response]
type LambdaHandler = Callable[[dict[str, Any], "LambdaContext"], dict[str, Any]]


def api_handler(handle: ApiHandler) -> LambdaHandler:
    """Make a Lambda handler that logs, counts responses, and returns every error of `handle` as problem+json."""

    @logger.inject_lambda_context(correlation_id_path=correlation_paths.API_GATEWAY_REST, clear_state=True)
    @metrics.log_metrics(capture_cold_start_metric=True)
    @functools.wraps(handle)
    def handler(event: dict[str, Any], _context: "LambdaContext") -> dict[str, Any]:
        request = Request.from_event(event)
        response = _answer(handle, request)
        metrics.add_metric(f"Http{response.status // 100}xx", MetricUnit.Count, 1)
        return _to_gateway(response, request.request_id)

    return cast("LambdaHandler", handler)


def _answer(handle: ApiHandler, request: Request) -> Response:
    try:
        response = handle(request)
    except Exception as error:
        return _problem(_as_problem(error), request.request_id)
    logger.info("answered", status=response.status)
    return response


def _as_problem(error: Exception) -> ProblemError:
    """Log `error` at the level of its cause, and return what the caller may see."""
    if isinstance(error, ProblemError):
        logger.info("rejected", status=error.status, code=error.code)
        return error
    codes = _service_codes(error)
    if throttling := codes & _THROTTLING:
        logger.warning("throttled", code=min(throttling))
        return ThrottledError("The service is busy. Try again.")
    if unavailable := codes & _UNAVAILABLE:
        logger.warning("unavailable", code=min(unavailable))
        return UnavailableError("The service is unavailable. Try again.")
    logger.exception("failed")
    return InternalError("An internal error occurred. Try again. If it persists, report the request_id.")


def _service_codes(error: Exception) -> set[str]:
    """Return the codes in an AWS error. Not every function imports the SDK, so this does not name its exception."""
    response = getattr(error, "response", None) or {}
    return {each["Code"] for each in (response.get("Error"), *response.get("CancellationReasons", ())) if each}


def _problem(error: ProblemError, request_id: str) -> Response:
    """Return RFC 9457 problem details with a stable `code` and the request's id."""
    body = {"title": error.title, "status": error.status, "detail": error.detail, "code": error.code}
    headers = {"Content-Type": "application/problem+json", **error.headers}
    return Response(error.status, {**body, "request_id": request_id}, headers)


def _to_gateway(response: Response, request_id: str) -> dict[str, Any]:
    headers = {"X-Request-Id": request_id, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    body = "" if response.body is None else response.body
    if not isinstance(body, str):
        headers["Content-Type"] = "application/json"
        body = json.dumps(body, default=_json_number)
    return {"statusCode": response.status, "headers": {**headers, **response.headers}, "body": body}


def _json_number(value: object) -> int | float:
    """A float prints every decimal of up to 15 digits exactly, and balances have at most 15."""
    if not isinstance(value, Decimal):
        raise TypeError(f"{type(value).__name__} is not JSON")
    return int(value) if value == value.to_integral_value() else float(value)
