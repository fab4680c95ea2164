"""The call to DynamoDB: signed, sent as it is, its errors read."""

from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest

from dev.local_aws.apigateway import dynamodb


class Http:
    """An HTTP session that keeps what it was to send."""

    def __init__(self, status: int, content: bytes) -> None:
        self.status_code = status
        self.content = content
        self.sent: list[AWSPreparedRequest] = []

    def send(self, request: AWSPreparedRequest) -> "Http":
        self.sent.append(request)
        return self


@pytest.fixture
def http(monkeypatch: pytest.MonkeyPatch) -> Http:
    http = Http(200, b'{"Item": {}}')
    monkeypatch.setattr(dynamodb, "_http", lambda: http)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    return http


def test_text_is_sent_as_it_is_with_the_role_s_signature(http: Http) -> None:
    assert dynamodb.call("GetItem", '{ "a":1}') == (200, {"Item": {}})

    (request,) = http.sent
    assert (request.method, request.url, request.body) == ("POST", "http://127.0.0.1:1", b'{ "a":1}')
    assert request.headers["X-Amz-Target"] == "DynamoDB_20120810.GetItem"
    assert "Credential=in-memory/" in request.headers["Authorization"]
    assert "/us-east-1/dynamodb/" in request.headers["Authorization"]


def test_error_is_an_answer_too(http: Http) -> None:
    http.status_code, http.content = 400, b'{"__type": "x"}'

    assert dynamodb.call("GetItem", "{}") == (400, {"__type": "x"})


@pytest.mark.parametrize("text", ["", "{", '{"a": "\\ud800"}', '{"a": "x\ny"}', "[" * 20000])
def test_request_that_is_not_json_is_rejected_as_by_dynamodb(http: Http, text: str) -> None:
    expected: tuple[int, dict[str, Any]] = (400, {"__type": "com.amazon.coral.service#SerializationException"})

    assert dynamodb.call("PutItem", text) == expected
    assert http.sent == []
