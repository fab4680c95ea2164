"""The HTTP border: errors become problem+json, and nothing leaks."""

import json
from decimal import Decimal
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from hypothesis import given, settings
from hypothesis import strategies as st

from dev.application.in_process import lambda_context
from shared.api import Request, Response, api_handler
from shared.errors import InvalidBodyError
from tests.unit.conftest import LogLines
from tests.unit.http_events import api_event, call
from tests.unit.sdk import rejection


def answering(error: Exception) -> Any:
    @api_handler
    def handler(request: Request) -> Response:
        raise error

    return handler


def test_answer_carries_the_request_id() -> None:
    @api_handler
    def handler(request: Request) -> Response:
        return Response(200, {"path": dict(request.path_parameters)})

    status, body, headers = call(handler, api_event(request_id="abc"))

    assert (status, body) == (200, {"path": {"customer_id": "CUST-1"}})
    assert headers["X-Request-Id"] == "abc"
    assert headers["Content-Type"] == "application/json"


def test_text_is_returned_unchanged() -> None:
    @api_handler
    def handler(request: Request) -> Response:
        return Response(200, '<p>"é"</p>', {"Content-Type": "text/html; charset=utf-8"})

    answer = handler(api_event(), lambda_context())

    assert answer["body"] == '<p>"é"</p>'
    assert answer["headers"]["Content-Type"] == "text/html; charset=utf-8"


def test_expected_error_is_problem_json() -> None:
    status, body, headers = call(answering(InvalidBodyError("why")), api_event())

    assert status == 400
    assert headers["Content-Type"] == "application/problem+json"
    assert body == {
        "title": "Invalid request",
        "status": 400,
        "detail": "why",
        "code": "InvalidBody",
        "request_id": "request-1",
    }


@pytest.mark.parametrize(
    "code", ["ProvisionedThroughputExceededException", "RequestLimitExceeded", "ThrottlingException"]
)
def test_throttling_asks_to_come_back(code: str) -> None:
    error = ClientError({"Error": {"Code": code, "Message": ""}}, "GetItem")

    status, body, headers = call(answering(error), api_event())

    assert (status, body["code"], headers["Retry-After"]) == (429, "Throttled", "1")


@pytest.mark.parametrize("reason", ["ProvisionedThroughputExceeded", "ThrottlingError", "TransactionConflict"])
def test_throttled_transaction_asks_to_come_back(reason: str) -> None:
    status, body, headers = call(answering(rejection("TransactionCanceledException", "None", reason)), api_event())

    assert (status, body["code"], headers["Retry-After"]) == (429, "Throttled", "1")


@pytest.mark.parametrize("code", ["SlowDown", "ServiceUnavailable"])
def test_unavailable_service_asks_to_come_back(code: str) -> None:
    error = ClientError({"Error": {"Code": code, "Message": ""}}, "PutObject")

    status, body, headers = call(answering(error), api_event())

    assert (status, body["code"], headers["Retry-After"]) == (503, "ServiceUnavailable", "1")


@pytest.mark.parametrize(
    "error",
    [
        ValueError("secret"),
        ClientError({"Error": {"Code": "AccessDeniedException", "Message": "secret"}}, "GetItem"),
        ReadTimeoutError(endpoint_url="secret"),
        rejection("TransactionCanceledException", "None", "ValidationError"),
    ],
)
def test_unexpected_error_tells_the_caller_nothing(error: Exception) -> None:
    status, body, _ = call(answering(error), api_event())

    assert (status, body["code"]) == (500, "InternalError")
    assert "secret" not in json.dumps(body)


def test_unexpected_error_is_logged_with_its_trace(log_lines: LogLines) -> None:
    call(answering(ValueError("cause")), api_event())

    assert any("ValueError: cause" in line.get("exception", "") for line in log_lines())


def test_log_lines_carry_the_id_of_lambda_s_trace(log_lines: LogLines, monkeypatch: pytest.MonkeyPatch) -> None:
    trace = "1-5759e988-bd862e3fe1be46a994272793"
    monkeypatch.setenv("_X_AMZN_TRACE_ID", f"Root={trace};Parent=53995c3f42cd8ad8;Sampled=1")

    call(answering(InvalidBodyError("why")), api_event())

    assert {line["xray_trace_id"] for line in log_lines() if "message" in line} == {trace}


def test_expected_error_is_logged_without_trace(log_lines: LogLines) -> None:
    call(answering(InvalidBodyError("why")), api_event(request_id="abc"))

    (line,) = [line for line in log_lines() if line.get("message") == "rejected"]
    assert (line["level"], line["status"], line["code"], line["correlation_id"]) == ("INFO", 400, "InvalidBody", "abc")
    assert "exception" not in line


@pytest.mark.filterwarnings("ignore:No application metrics")  # it ends before there is any
def test_an_event_of_another_kind_raises() -> None:
    with pytest.raises(KeyError):
        answering(ValueError())({"Records": []}, lambda_context())


@settings(deadline=None)
@given(st.decimals(min_value=Decimal("-9999999999999.99"), max_value=Decimal("9999999999999.99"), places=2))
def test_money_is_written_exactly(amount: Decimal) -> None:
    @api_handler
    def handler(request: Request) -> Response:
        return Response(200, {"balance": amount})

    assert call(handler, api_event())[1]["balance"] == amount


def test_value_that_is_not_json_raises_type_error() -> None:
    @api_handler
    def handler(request: Request) -> Response:
        return Response(200, {"value": object()})

    with pytest.raises(TypeError):
        call(handler, api_event())
