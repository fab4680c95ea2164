"""Captured events contain no data of callers. Events that cannot be scrubbed are left out."""

import copy
import json
from typing import Any

import pytest

from dev.events.capture import Capture, Invocation, NotCapturedError, invocations
from dev.events.scrub import Scrubber
from tests.unit.dev.events.notes import APPLICATION, BUCKET_EVENT, ROUTE_EVENT, STREAM_EVENT, TOKEN_EVENT, problems_of

WORDS = frozenset({"answered", "rejected", "NoteNotFound", "memo", "text", "kind", "size", "uploads", "id", "staff"})
EMAIL, TOKEN, ACCOUNT = "ada@example.org", "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl", "210987654321"
ADDRESS, AGENT, NAME, NOTE = "203.0.113.7", "AdasBrowser/1.0", "Lovelace", "ada-note-1"
PLANTED = (EMAIL, TOKEN, ACCOUNT, ADDRESS, AGENT, NAME, NOTE)


def request(**changes: Any) -> dict[str, Any]:
    """Return a request in which a person's data is everywhere."""
    event = copy.deepcopy(ROUTE_EVENT)
    event["path"] = f"/notes/{NOTE}"
    event["pathParameters"] = {"note_id": NOTE}
    event["headers"] = {
        "Authorization": TOKEN,
        "Content-Type": "application/json",
        "User-Agent": AGENT,
        "X-Forwarded-For": ADDRESS,
        "x-api-key": TOKEN,
        "Cookie": EMAIL,
        "idempotency-key": ACCOUNT,
        "if-match": '"3-2026-01-01T00:00:00.000Z"',
    }
    event["queryStringParameters"] = {"limit": "25", "q": EMAIL}
    event["requestContext"] |= {"accountId": ACCOUNT, "path": f"/v1/notes/{NOTE}", "domainName": f"{ACCOUNT}.example"}
    event["requestContext"]["identity"] = {"sourceIp": ADDRESS, "userAgent": AGENT, "userArn": ACCOUNT}
    event["requestContext"]["authorizer"]["claims"] = {
        "sub": "ada",
        "email": EMAIL,
        "name": NAME,
        "cognito:groups": "staff",
    }
    body = {"text": f"{NAME} wrote to {EMAIL} of {ACCOUNT}: {TOKEN}", "kind": "memo", "size": 3, NAME: {"ip": ADDRESS}}
    event["body"] = json.dumps(body)
    return event | changes


def capture(function: str, *found: Invocation) -> Capture:
    making = Capture(APPLICATION, APPLICATION.functions[function], Scrubber(b"key", WORDS))
    return making.with_ids_of(found)


def answered(event: dict[str, Any], status: int = 201) -> Invocation:
    return Invocation("request-1", event, ({"level": "INFO", "message": "answered", "status": status},))


def test_a_captured_request_is_valid_and_has_nothing_of_the_caller() -> None:
    found = answered(request())

    event, expect = capture("notes/create", found).case(found)

    text = json.dumps([event, expect])
    assert [planted for planted in PLANTED if planted in text] == []
    assert problems_of("notes/create", event) == []
    assert expect == {"status": 201, "logs": [{"level": "INFO", "message": "answered"}]}
    body = json.loads(event["body"])
    assert {name: body[name] for name in ("kind", "size")} == {"kind": "memo", "size": 3}
    assert event["headers"].keys() == {"Accept", "Authorization", "Content-Type", "Idempotency-Key", "If-Match"}
    assert event["headers"]["If-Match"] == '"3-2026-01-01T00:00:00.000Z"'
    assert event["queryStringParameters"]["limit"] == "25"
    assert event["requestContext"]["authorizer"]["claims"]["cognito:groups"] == "staff"


def test_the_same_id_is_the_same_in_events_of_different_functions() -> None:
    change = copy.deepcopy(STREAM_EVENT)
    change["Records"][0]["dynamodb"]["Keys"] = {"id": {"S": NOTE}}
    change["Records"][0]["dynamodb"]["NewImage"] = {"id": {"S": NOTE}, "text": {"S": f"{NOTE} of {EMAIL}"}}
    consumed = Invocation("request-2", change, ())

    event, _ = capture("notes/create", answered(request())).case(answered(request()))
    record, expect = capture("notes/on_change", consumed).case(consumed)

    new_id = event["pathParameters"]["note_id"]
    image = record["Records"][0]["dynamodb"]["NewImage"]
    assert image["id"] == {"S": new_id}
    assert image["text"]["S"].startswith(f"{new_id} xx user-")
    assert problems_of("notes/on_change", record) == []
    assert expect == {"returns": {"batchItemFailures": []}}


def test_a_record_that_failed_is_expected_to_fail() -> None:
    (record,) = STREAM_EVENT["Records"]
    line = {"level": "ERROR", "message": "rejected", "correlation_id": record["eventID"], "exception": EMAIL}
    found = Invocation("request-1", STREAM_EVENT, (line,))

    _, expect = capture("notes/on_change", found).case(found)

    assert expect == {
        "returns": {"batchItemFailures": [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]}]},
        "logs": [{"level": "ERROR", "message": "rejected"}],
    }


def test_objects_and_tokens_are_captured() -> None:
    stored, asked = Invocation("request-1", BUCKET_EVENT, ()), Invocation("request-2", copy.deepcopy(TOKEN_EVENT), ())
    asked.event["authorizationToken"] = "Bearer e30.eyJjb2duaXRvOmdyb3VwcyI6WyJ3cml0ZXJzIl19.signature"

    objects, _ = capture("notes/on_file", stored).case(stored)
    token, _ = capture("notes/authorize", asked).case(asked)

    assert problems_of("notes/on_file", objects) == problems_of("notes/authorize", token) == []
    assert objects["Records"][0]["s3"]["object"]["key"].startswith("uploads/")
    assert token["authorizationToken"] == "TOKEN_OF_carol"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"isBase64Encoded": True}, "its body of application/json is not JSON"),
        ({"body": "name=Ada"}, "its body of application/json is not JSON"),
        ({"resource": "/other"}, "it is not from a trigger in template.yaml"),
    ],
)
def test_what_cannot_be_scrubbed_is_left_out(changes: dict[str, Any], reason: str) -> None:
    found = answered(request(**changes))

    with pytest.raises(NotCapturedError, match=reason):
        capture("notes/create", found).case(found)


def test_invocations_are_read_from_a_log() -> None:
    log = [
        "START RequestId: 1",
        json.dumps({"level": "INFO", "message": {"httpMethod": "POST"}, "function_request_id": "1"}),
        json.dumps({"level": "INFO", "message": "answered", "function_request_id": "1", "status": 200}),
        json.dumps({"level": "INFO", "message": "answered", "function_request_id": "2"}),
    ]

    (found,) = invocations(log)

    assert (found.request_id, found.event) == ("1", {"httpMethod": "POST"})
    assert [line["message"] for line in found.lines] == ["answered"]


def test_a_stream_s_function_may_be_invoked_with_anything() -> None:
    found = Invocation("request-1", {}, ())

    with pytest.raises(NotCapturedError, match=r"it is not from a trigger in template\.yaml"):
        capture("notes/on_change", found).case(found)
