"""AuthorizeFunction, beyond its event files."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from auth import model
from auth.authorize import UnauthorizedError, handler
from dev.application.auth import tokens
from dev.application.in_process import captured_log, lambda_context
from tests.auth_bad_tokens import OUR_JWK
from tests.unit.auth.tokens import BAD, CAROL, FOR_NOW, METHOD, MISSING, PUBLIC, event, in_seconds, signed, statement
from tests.unit.conftest import LogLines

ALLOWED = ["arn:aws:execute-api:eu-west-1:123456789012:abc123/v1/PUT/users/*"]
DENIED = ["arn:aws:execute-api:eu-west-1:123456789012:abc123/v1/*"]


def test_writer_is_allowed_the_writers_routes(log_lines: LogLines) -> None:
    answer = handler(event(CAROL), lambda_context())

    assert answer == {
        "principalId": "carol-sub",
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": ALLOWED}],
        },
        "context": {"sub": "carol-sub"},
    }
    (line,) = [line for line in log_lines() if line.get("level") == "INFO"]
    assert (line["message"], line["sub"]) == ("authorized", "carol-sub")


GOOD: dict[str, Callable[[], str]] = {
    "bearer": lambda: f"Bearer {CAROL}",
    "small bearer": lambda: f"bearer  {CAROL}",
    "just expired": lambda: signed(exp=int(in_seconds(-10))),
    "fraction": lambda: signed(exp=in_seconds(60)),
    "clock ahead": lambda: signed(iat=int(in_seconds(10))),
    "not quite valid yet": lambda: signed(nbf=int(in_seconds(10))),
    "audiences": lambda: signed(aud=["another", tokens.AUDIENCE]),
    "access token": lambda: signed(token_use="access", aud=MISSING, client_id=tokens.AUDIENCE),
    "one group": lambda: signed(**{"cognito:groups": "writers"}),
    "groups": lambda: signed(**{"cognito:groups": ["staff", "writers"]}),
    "headers that are ignored": lambda: signed(
        {"jwk": OUR_JWK, "jku": "https://example.com", "x5u": "https://example.com"}
    ),
}
"""Made when they are needed: tests are collected minutes before the last of them runs."""


def test_good_token_is_allowed(subtests: pytest.Subtests) -> None:
    for name, token in GOOD.items():
        with subtests.test(name):
            assert statement(token()) == {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": ALLOWED}


def logged(log: io.StringIO) -> list[tuple[str, str, str]]:
    """Return level, message and reason of each line."""
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    return [(line["level"], line["message"], line["reason"]) for line in lines if "level" in line]


def test_bad_token_is_denied(subtests: pytest.Subtests) -> None:
    for name, (make, reason) in BAD.items():
        with subtests.test(name), captured_log(log := io.StringIO()):
            assert handler(event(make()), lambda_context()) == {
                "principalId": "unknown",
                "policyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [{"Effect": "Deny", "Action": "execute-api:Invoke", "Resource": DENIED}],
                },
                "context": {},
            }
            assert logged(log) == [("INFO", "rejected", reason)]


def test_token_that_may_become_valid_is_unauthorized(subtests: pytest.Subtests) -> None:
    for name, (make, reason) in FOR_NOW.items():
        with subtests.test(name), captured_log(log := io.StringIO()):
            with pytest.raises(UnauthorizedError, match=r"^Unauthorized$"):
                handler(event(make()), lambda_context())

            assert logged(log) == [("INFO", "rejected", reason)]


@pytest.mark.parametrize(
    "token",
    [CAROL, f"{CAROL}-AAAA", signed(email="canary@example.com", sub="c\n")],
    ids=["good", "forged", "bad sub"],  # pytest-xdist needs the same in each process
)
def test_log_holds_no_token_and_no_claim(log_lines: LogLines, token: str) -> None:
    handler(event(token), lambda_context())

    assert log_lines()
    for secret in (*token.split("."), "canary", "InMemory"):
        assert secret not in str(log_lines())


PATHS = [
    "PUT/users/USER-1",
    "PUT/users/*",
    "PUT/users/a/b/c",
    "PUT/users/x?y=1",
    "PUT/users/x:arn:aws:execute-api:*:*:*",
    "PUT/users/../../prod/DELETE/users",
    "PUT/users/line\nbreak",
    "GET/customers/CUST-1/products",
]


def test_policy_is_the_same_whatever_path_was_asked_for(subtests: pytest.Subtests) -> None:
    for path in PATHS:
        with subtests.test(path=path):
            method_arn = METHOD.replace("PUT/users/USER-1", path)

            assert statement(CAROL, method_arn)["Resource"] == ALLOWED
            assert statement("garbage", method_arn)["Resource"] == DENIED


def test_policy_is_of_the_stage_that_was_called() -> None:
    method_arn = "arn:aws-us-gov:execute-api:us-gov-west-1:123456789012:xyz/test-invoke-stage/PUT/users/1"

    assert statement(CAROL, method_arn)["Resource"] == [
        "arn:aws-us-gov:execute-api:us-gov-west-1:123456789012:xyz/test-invoke-stage/PUT/users/*"
    ]


BAD_ARNS = [
    "",
    "*",
    "arn:aws:execute-api:eu-west-1:123456789012:abc123",
    "arn:aws:execute-api:eu-west-1:123456789012:*/v1/PUT/users/1",
    "arn:aws:execute-api:eu-west-1:123456789012:abc123/*/PUT/users/1",
    "arn:aws:s3:::bucket/v1/PUT/users/1",
    f" {METHOD}",
]


def test_invalid_method_arn_is_an_error(subtests: pytest.Subtests) -> None:
    for method_arn in BAD_ARNS:
        with subtests.test(method_arn=method_arn), pytest.raises(ValueError, match="not the ARN of a method"):
            model.stage_of(method_arn)


OTHER_ISSUER = model.Issuer("https://login.example.com/", "our-api", "https://example.com/roles")
OTHER_CLAIMS = {"iss": OTHER_ISSUER.url, "aud": "our-api", "https://example.com/roles": ["writers"]}


def test_another_issuer_s_tokens_need_no_token_use() -> None:
    token = signed(**OTHER_CLAIMS, token_use=MISSING)

    assert model.writer(token, OTHER_ISSUER, lambda _: PUBLIC) == "carol-sub"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"aud": "another", "token_use": "access", "client_id": "our-api"}, "audience"),
        ({"aud": MISSING, "client_id": "our-api"}, "audience"),
        ({"https://example.com/roles": MISSING}, "group"),
        ({"iss": tokens.URL}, "issuer"),
    ],
    ids=["client_id instead of aud", "client_id alone", "group in another claim", "the pool's"],
)
def test_another_issuer_s_tokens_are_for_our_audience(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(model.RejectedError, match=f"^{reason}$"):
        model.writer(signed(**(OTHER_CLAIMS | changes)), OTHER_ISSUER, lambda _: PUBLIC)
