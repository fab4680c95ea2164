"""Idempotency-Key: one effect, one result."""

from typing import Any

import pytest
from botocore.exceptions import ClientError
from mypy_boto3_dynamodb import DynamoDBClient

from dev.application.deployed_stack import DeployedStack
from shared import aws
from shared.api import Request, Response, api_handler
from shared.errors import InvalidParameterError
from shared.idempotency import IdempotencyKeyReusedError, IdempotencyRecord, write_once
from tests.unit.http_events import api_event, call
from tests.unit.pattern_runs import outcomes
from tests.unit.sdk import rejection

pytestmark = pytest.mark.usefixtures("dynamodb")
NOON = "2026-03-31T12:00:00.000Z"


def record(
    key: str | None = "k", *, scope: str = "s", payload: str | None = "p", value: str = "", now: str = NOON
) -> IdempotencyRecord | None:
    headers = {} if key is None else {"idempotency-KEY": key}
    request = Request.from_event(api_event(headers=headers))
    return IdempotencyRecord.of(
        request, scope=[scope], values={"text": payload, "id": value}, generated=["id"], now=now
    )


def attempt(**record_of: Any) -> dict[str, Any]:
    return write_once([], record(**record_of))


def test_repeat_gives_the_first_result() -> None:
    assert [attempt(value="1"), attempt(value="2"), attempt(value="3")] == [{}, {"id": "1"}, {"id": "1"}]


def test_keys_and_scopes_are_distinct() -> None:
    assert [attempt(), attempt(key="other"), attempt(scope="other")] == [{}, {}, {}]


def test_key_and_scope_are_not_concatenated() -> None:
    assert [attempt(scope="ab", key="c"), attempt(scope="a", key="bc")] == [{}, {}]


def test_another_payload_is_rejected() -> None:
    attempt()

    with pytest.raises(IdempotencyKeyReusedError):
        attempt(payload="other")


def test_no_value_is_not_the_text_none() -> None:
    attempt(payload=None)

    with pytest.raises(IdempotencyKeyReusedError):
        attempt(payload="None")


@pytest.mark.parametrize(
    ("now", "result"), [("2026-03-31T12:59:59.999Z", {"id": "1"}), ("2026-03-31T13:00:00.000Z", {})]
)
def test_key_holds_for_an_hour(now: str, result: dict[str, Any]) -> None:
    attempt(value="1")

    assert attempt(value="2", now=now) == result


def test_expired_key_takes_another_request() -> None:
    attempt()

    assert attempt(payload="other", now="2026-03-31T13:00:00.000Z") == {}


@pytest.mark.parametrize("code", ["AccessDeniedException", "ValidationException"])
def test_other_errors_pass(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    def reject(**_: Any) -> None:
        raise ClientError({"Error": {"Code": code, "Message": ""}}, "TransactWriteItems")

    monkeypatch.setattr(aws.dynamodb_client(), "transact_write_items", reject)

    with pytest.raises(ClientError, match=code):
        attempt()


@api_handler
def writing_once(request: Request) -> Response:
    write_once([], IdempotencyRecord.of(request, scope=[], values={}, generated=[], now=NOON))
    return Response(204)


@pytest.mark.parametrize(
    ("key", "reason", "status", "code"),
    [
        (None, "TransactionConflict", 429, "Throttled"),
        ("k", "TransactionConflict", 409, "RequestInProgress"),
        ("k", "ThrottlingError", 429, "Throttled"),
    ],
)
def test_cancelled_transaction_can_be_repeated(
    monkeypatch: pytest.MonkeyPatch, key: str | None, reason: str, status: int, code: str
) -> None:
    def cancel(**_: Any) -> None:
        raise rejection("TransactionCanceledException", reason)

    monkeypatch.setattr(aws.dynamodb_client(), "transact_write_items", cancel)

    answer, body, headers = call(writing_once, api_event(headers={"Idempotency-Key": key} if key else {}))

    assert (answer, body["code"], headers["Retry-After"]) == (status, code, "1")


def test_record_contains_hashes_and_generated_values_only(dynamodb: DynamoDBClient) -> None:
    attempt(key="secret", payload="secret", value="1")

    (item,) = dynamodb.scan(TableName="IdempotencyTable")["Items"]
    assert item == {
        "id": {"S": item["id"]["S"]},
        "payload": {"S": item["payload"]["S"]},
        "generated": {"M": {"id": {"S": "1"}}},
        "expiration": {"N": "1774962000"},  # 2026-03-31T13:00:00Z
    }
    assert (len(item["id"]["S"]), len(item["payload"]["S"])) == (64, 64)


def test_key_is_optional() -> None:
    assert record(None) is None


@pytest.mark.parametrize("key", ["a", "~" * 255, "550e8400-e29b-41d4-a716-446655440000"])
def test_key_is_read(key: str) -> None:
    assert record(key) is not None


def test_bad_key_is_rejected(subtests: pytest.Subtests) -> None:
    for key in ["", " ", "two words", "é", "a\n", "x" * 256]:
        with subtests.test(key=key), pytest.raises(InvalidParameterError):
            record(key)


def test_preparation_of_a_pattern_is_not_shown(seeded: DeployedStack) -> None:
    found = outcomes(seeded, "IdempotencyTable")["write-once-again"].to_json()["requests"]

    assert [(call["operation"], call["error"]) for call in found] == [
        ("TransactWriteItems", "TransactionCanceledException")
    ]
