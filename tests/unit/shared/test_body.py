"""JSON bodies are parsed strictly."""

import base64
import json
from decimal import Decimal

import pytest

from shared.api import Request
from shared.body import MAX_BYTES, json_body
from shared.errors import InvalidBodyError, TooLargeError

SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name"],
    "properties": {"name": {"type": "string", "pattern": "^[a-z]+$"}, "amount": {"type": "number", "maximum": 100}},
}
parse = json_body(SCHEMA)


def request(body: str, *, is_base64: bool = False) -> Request:
    return Request("/v1", "", {}, {}, {}, {}, body, is_base64, "request-1")


def test_numbers_are_exact() -> None:
    body = parse(request('{"name": "a", "amount": 0.10}'))

    assert body["amount"] == Decimal("0.10")
    assert isinstance(body["amount"], Decimal)


def test_base64_body_is_decoded() -> None:
    encoded = base64.b64encode(b'{"name": "a"}').decode()

    assert parse(request(encoded, is_base64=True)) == {"name": "a"}


BAD_BODIES = [
    "",
    "null",
    "[]",
    '"text"',
    "{",
    '{"name": "a"} {}',
    '{"name": "A"}',
    '{"name": "a\\n"}',
    '{"name": 1}',
    '{"name": "a", "amount": "1"}',
    '{"name": "a", "amount": true}',
    '{"name": "a", "amount": NaN}',
    '{"name": "a", "amount": Infinity}',
    '{"name": "a", "amount": 1e999999999999999999999}',
    '{"name": "a", "amount": 101}',
    '{"name": "a", "other": 1}',
    '{"name": "a", "amount": ' + "9" * 5000 + "}",
    "[" * 30000,
    '{"name": "\\ud800"}',
    '{"name": "a", "name": "b"}',
    '{"name": "\ud800"}',
]


def test_bad_body_is_rejected(subtests: pytest.Subtests) -> None:
    for body in BAD_BODIES:
        with subtests.test(body=body), pytest.raises(InvalidBodyError):
            parse(request(body))


@pytest.mark.parametrize("body", ["%%%", base64.b64encode(b"\xff").decode()])
def test_bad_base64_is_rejected(body: str) -> None:
    with pytest.raises(InvalidBodyError):
        parse(request(body, is_base64=True))


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ('{"name": "A"}', "name must match pattern ^[a-z]+$."),
        ("{}", "These fields are required: name."),
        ('{"name": "a", "other": 1}', "Only these fields are allowed: name, amount."),
        ("[]", "The body must be object."),
    ],
)
def test_rejection_says_what_is_wrong(body: str, detail: str) -> None:
    with pytest.raises(InvalidBodyError) as rejected:
        parse(request(body))

    assert str(rejected.value) == detail


@pytest.mark.parametrize(
    ("body", "is_base64"),
    [
        ("x" * (MAX_BYTES + 1), False),
        ("😀" * (MAX_BYTES // 4 + 1), False),
        (base64.b64encode(b"x" * (MAX_BYTES + 1)).decode(), True),
    ],
)
def test_body_over_the_limit_is_not_parsed(body: str, is_base64: bool) -> None:
    with pytest.raises(TooLargeError):
        parse(request(body, is_base64=is_base64))


def test_limit_is_64_kibibytes_when_decoded() -> None:
    body = json.dumps({"name": "a" * 65_524})

    assert len(body) == 65_536
    assert parse(request(base64.b64encode(body.encode()).decode(), is_base64=True))
