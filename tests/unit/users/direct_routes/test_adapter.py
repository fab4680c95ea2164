"""What the adapter does in API Gateway's place: checks, request, choice of the response."""

import json
from typing import Any

import pytest
from jsonschema import Draft4Validator

from dev.local_aws.apigateway import adapter
from tests.unit.users.direct_routes.conftest import Table

GOOD: dict[str, Any] = {"name": "Ada", "email": "ada@example.com"}
CODES = "com.amazonaws.dynamodb.v20120810#"
PUBLIC = {
    "ProjectionExpression": "UserId, #name, created_at",
    "ExpressionAttributeNames": {"#name": "name"},
}
"""What reads ask for. E-mail address and owner are not public."""


def send(
    method: str,
    path: str,
    body: Any = None,
    *,
    query: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
    content_type: str | None = "application/json",
) -> tuple[int, Any, dict[str, str]]:
    """Return status, parsed body and headers."""
    user_id = path.removeprefix("/users").removeprefix("/")
    answer = adapter.handler(
        {
            "httpMethod": method,
            "resource": "/users/{user_id}" if user_id else "/users",
            "pathParameters": {"user_id": user_id} if user_id else None,
            "queryStringParameters": query,
            "headers": (headers or {}) | ({"content-Type": content_type} if content_type else {}) or None,
            "stageVariables": {"UsersTable": "users"},
            "requestContext": {
                "requestId": "request-1",
                "requestTimeEpoch": 1795248000123,
                "authorizer": {"sub": "carol", "claims": {"sub": "carol"}},
            },
            "body": body if body is None or isinstance(body, str) else json.dumps(body),
        },
        None,
    )
    return answer["statusCode"], json.loads(answer["body"] or "null"), answer["headers"]


def test_put_is_conditional_on_the_owner(table: Table) -> None:
    status, body, _ = send("PUT", "/users/U-1", GOOD)

    assert (status, body) == (200, {"user_id": "U-1"})
    assert table.calls == [
        (
            "PutItem",
            {
                "TableName": "users",
                "Item": {
                    "UserId": {"S": "U-1"},
                    "name": {"S": "Ada"},
                    "email": {"S": "ada@example.com"},
                    "owner": {"S": "carol"},
                    "created_at": {"S": "2026-11-21T08:00:00Z"},
                },
                "ConditionExpression": "attribute_not_exists(UserId) OR #owner = :owner",
                "ExpressionAttributeNames": {"#owner": "owner"},
                "ExpressionAttributeValues": {":owner": {"S": "carol"}},
            },
        )
    ]


def test_delete_is_conditional_on_the_owner(table: Table) -> None:
    status, body, _ = send("DELETE", "/users/U-1")

    assert (status, body) == (204, None)
    assert table.calls == [
        (
            "DeleteItem",
            {
                "TableName": "users",
                "Key": {"UserId": {"S": "U-1"}},
                "ConditionExpression": "#owner = :owner",
                "ExpressionAttributeNames": {"#owner": "owner"},
                "ExpressionAttributeValues": {":owner": {"S": "carol"}},
            },
        )
    ]


def test_get_is_consistent_and_returns_public_attributes_only(table: Table) -> None:
    table.answer = {"Item": {name: {"S": name} for name in ("UserId", "name", "email", "owner", "created_at")}}

    status, body, headers = send("GET", "/users/U-1")

    assert table.calls == [
        ("GetItem", {"TableName": "users", "Key": {"UserId": {"S": "U-1"}}, "ConsistentRead": True} | PUBLIC)
    ]
    assert (status, body) == (200, {"user_id": "UserId", "name": "name", "created_at": "created_at"})
    assert headers == {
        "Content-Type": "application/json",
        "X-Request-Id": "request-1",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }


def test_missing_user_is_404(table: Table) -> None:
    status, body, headers = send("GET", "/users/U-1")

    assert (status, body["status"], body["code"]) == (404, 404, "UserNotFound")
    assert headers["Content-Type"] == "application/problem+json"


def test_list_returns_public_attributes_only(table: Table) -> None:
    table.answer = {"Items": [{name: {"S": name} for name in ("UserId", "name", "email", "owner", "created_at")}]}

    _, body, _ = send("GET", "/users")

    assert body["items"] == [{"user_id": "UserId", "name": "name", "created_at": "created_at"}]


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_list_of_any_length_is_json(table: Table, count: int) -> None:
    table.answer = {"Items": [{"UserId": {"S": f"U-{number}"}} for number in range(count)]}

    status, body, _ = send("GET", "/users")

    assert (status, [user["user_id"] for user in body["items"]]) == (200, [f"U-{number}" for number in range(count)])
    assert body["next_cursor"] is None


def test_page_continues_after_its_cursor(table: Table) -> None:
    table.answer = {"Items": [], "LastEvaluatedKey": {"UserId": {"S": "U-9"}}}

    _, body, _ = send("GET", "/users")
    send("GET", "/users", query={"cursor": body["next_cursor"], "limit": "7"})

    assert [request for _, request in table.calls] == [
        {"TableName": "users", "Limit": 25} | PUBLIC,
        {"TableName": "users", "Limit": 7, "ExclusiveStartKey": {"UserId": {"S": "U-9"}}} | PUBLIC,
    ]


def test_limit_and_cursor_are_read_from_the_query_only(table: Table) -> None:
    send("GET", "/users", headers={"limit": "7", "cursor": "U-7"})

    assert table.calls[0][1] == {"TableName": "users", "Limit": 25} | PUBLIC


def test_limit_is_passed_on(subtests: pytest.Subtests, table: Table) -> None:
    for limit in ["1", "9", "10", "99", "100"]:
        with subtests.test(limit=limit):
            table.calls.clear()
            send("GET", "/users", query={"limit": limit})

            assert table.calls[0][1]["Limit"] == int(limit)


def test_impossible_limit_becomes_one_that_dynamodb_rejects(subtests: pytest.Subtests, table: Table) -> None:
    for limit in ["0", "101", "-1", "1.5", "1e2", "01", "x", "1 ", '5, "TableName": "other"']:
        with subtests.test(limit=limit):
            table.calls.clear()
            send("GET", "/users", query={"limit": limit})

            assert table.calls[0][1] == {"TableName": "users", "Limit": 0} | PUBLIC


BAD_BODIES = [
    *("", "{", "null", "[]", '"x"', "[" * 20000, "NaN"),
    *({}, {"name": "Ada"}, {"email": "a@b"}),
    *(GOOD | {"owner": "dave"}, GOOD | {"UserId": "U-2"}, GOOD | {"admin": True}),
    *({**GOOD, "name": value} for value in ("", 1, None, True, [1], {"S": "x"}, "x" * 257)),
    *({**GOOD, "email": value} for value in ("", "a", "a@", "@b", "a@b@c", "a b@c", "a@b\n", "a@b\x00", 7)),
]


def test_body_that_does_not_match_its_model_is_not_sent_to_dynamodb(subtests: pytest.Subtests, table: Table) -> None:
    for body in BAD_BODIES:
        with subtests.test(body=body):
            status, answer, headers = send("PUT", "/users/U-1", body)

            assert (status, answer["code"], headers["Content-Type"]) == (400, "InvalidBody", "application/problem+json")
            assert answer["request_id"] == headers["X-Request-Id"] == "request-1"
            assert table.calls == []


def test_longer_body_is_rejected_even_if_the_model_is_lost(
    monkeypatch: pytest.MonkeyPatch, subtests: pytest.Subtests, table: Table
) -> None:
    monkeypatch.setattr(Draft4Validator, "is_valid", lambda *_: True)

    for wrong in ({"name": "x" * 257}, {"name": ""}, {"email": "x" * 255}, {"email": None}):
        with subtests.test(wrong=wrong):
            table.calls.clear()
            send("PUT", "/users/U-1", GOOD | wrong)

            assert table.calls[0][1]["Item"]["UserId"] == {"S": ""}


def test_other_media_types_are_not_sent_to_dynamodb(subtests: pytest.Subtests, table: Table) -> None:
    for content_type in ["text/plain", "application/x-www-form-urlencoded", "application/xml", "x"]:
        for method, path in [("PUT", "/users/U-1"), ("GET", "/users"), ("DELETE", "/users/U-1")]:
            with subtests.test(content_type=content_type, method=method, path=path):
                status, answer, _ = send(method, path, "x", content_type=content_type)

                assert (status, answer["code"]) == (415, "UnsupportedMediaType")
                assert table.calls == []


@pytest.mark.parametrize("content_type", [None, "application/json; charset=utf-8", "Application/JSON"])
def test_json_is_known_in_every_spelling(table: Table, content_type: str | None) -> None:
    assert send("PUT", "/users/U-1", GOOD, content_type=content_type)[0] == 200


ROUTES = [("PUT", "/users/U-1"), ("GET", "/users/U-1"), ("GET", "/users"), ("DELETE", "/users/U-1")]


ERRORS = [
    (400, f"{CODES}ProvisionedThroughputExceededException", (429, "Throttled")),
    (400, f"{CODES}RequestLimitExceeded", (429, "Throttled")),
    (400, "com.amazon.coral.availability#ThrottlingException", (429, "Throttled")),
    (400, "com.amazon.coral.validate#ValidationException", (400, "InvalidParameter")),
    (400, "com.amazon.coral.service#SerializationException", (400, "InvalidParameter")),
    (400, "com.amazon.coral.service#AccessDeniedException", (500, "IntegrationDenied")),
    (400, f"{CODES}ResourceNotFoundException", (500, "InternalError")),
    (400, "com.amazon.coral.service#UnrecognizedClientException", (500, "InternalError")),
    (400, None, (500, "InternalError")),
    (413, None, (500, "InternalError")),
    (500, f"{CODES}InternalServerError", (500, "InternalError")),
    (503, None, (500, "InternalError")),
    (302, None, (500, "InternalError")),
]


def test_every_error_of_dynamodb_is_a_problem(subtests: pytest.Subtests, table: Table) -> None:
    for method, path in ROUTES:
        for status, error, expected in ERRORS:
            with subtests.test(method=method, path=path, status=status, error=error):
                table.status, table.answer = status, {"message": "secret"} | ({"__type": error} if error else {})

                answered, problem, headers = send(method, path, GOOD)

                assert (answered, problem["code"]) == expected
                assert (problem["status"], problem["request_id"]) == (answered, "request-1")
                assert set(problem) == {"title", "status", "detail", "code", "request_id"}
                assert headers["Content-Type"] == "application/problem+json"
                assert ("Retry-After" in headers) is (answered == 429)
                assert "secret" not in str(problem)


@pytest.mark.parametrize(
    ("method", "expected"), [("PUT", (409, "UserOwnedByAnother")), ("DELETE", (404, "UserNotFound"))]
)
def test_condition_that_failed_says_why(table: Table, method: str, expected: tuple[int, str]) -> None:
    table.status, table.answer = 400, {"__type": f"{CODES}ConditionalCheckFailedException"}

    status, problem, _ = send(method, "/users/U-1", GOOD)

    assert (status, problem["code"], problem["status"]) == (*expected, expected[0])
