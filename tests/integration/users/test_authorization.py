"""Who may read and write users, with good and bad tokens and keys."""

import time
from collections.abc import Callable

import httpx

from dev.application.stack import Stack
from tests.auth_bad_tokens import FORGED, forged, unsigned, with_claims
from tests.integration.problems import assert_problem, status_and_code
from tests.integration.users.conftest import new_api_key

ADA = {"name": "Ada", "email": "ada@example.com"}

FOR_COGNITO: dict[str, Callable[[str], str]] = {
    "empty": lambda _: "",
    "garbage": lambda _: "garbage",
    "three garbage parts": lambda _: "a.b.c",
    "truncated": lambda token: token[:-20],
    "without signature": lambda token: token.rpartition(".")[0] + ".",
    "other customer in the claims": with_claims(**{"custom:customer_id": "CUST-1001"}, x=1),
    "signed with another key": forged(),
    "algorithm none": unsigned("none"),
    "expired": lambda token: forged()(with_claims(exp=int(time.time()) - 60)(token)),
}
"""Bad tokens for the gateway's own authorizer."""

FOR_THE_FUNCTION = {
    "garbage": 401,
    "list of tokens": 401,
    "header nested deeply": 403,
    "truncated": 403,
    "claims changed": 403,
    "algorithm none": 403,
    "algorithm HS256": 403,
    "two algorithms, the last none": 403,
    "key id unknown": 401,
    "signed with another key": 403,
}
"""Bad tokens for AuthorizeFunction, one or two for each reason; tests/unit/auth has them all.

What does not look like a token, or may be valid later, is a 401, which the gateway does not cache; else a 403.
"""


def test_gateway_lets_no_bad_token_in(anonymous: httpx.Client, tokens: dict[str, str]) -> None:
    answers = {
        kind: anonymous.delete("users/U-1", headers={"Authorization": spoil(tokens["carol"])})
        for kind, spoil in FOR_COGNITO.items()
    }

    assert {kind: status_and_code(answer) for kind, answer in answers.items()} == dict.fromkeys(
        answers, (401, "Unauthorized")
    )


def test_gateway_takes_no_access_token(access_token: str, anonymous: httpx.Client) -> None:
    """As API Gateway does at routes without scopes: the function does not run."""
    answer = anonymous.delete("users/U-1", headers={"Authorization": access_token})

    assert status_and_code(answer) == (401, "Unauthorized")


def test_authorizer_lets_no_bad_token_in(anonymous: httpx.Client, tokens: dict[str, str]) -> None:
    answers = {
        kind: anonymous.put("users/U-1", json=ADA, headers={"Authorization": FORGED[kind][0](tokens["carol"])})
        for kind in FOR_THE_FUNCTION
    }

    assert {kind: answer.status_code for kind, answer in answers.items()} == FOR_THE_FUNCTION
    for answer in answers.values():
        assert_problem(answer)


def test_only_writers_put_users(alice: httpx.Client, staff: httpx.Client) -> None:
    for client in (alice, staff):
        answer = client.put("users/U-1", json=ADA)

        assert status_and_code(answer) == (403, "Forbidden")
        assert_problem(answer)


def test_policy_that_is_remembered_holds_for_every_user(carol: httpx.Client, user_id: str) -> None:
    assert [carol.put(f"users/{user_id}-{number}", json=ADA).status_code for number in range(3)] == [200] * 3


def test_reading_users_needs_an_api_key(anonymous: httpx.Client) -> None:
    for path in ("users", "users/U-1"):
        for headers in ({}, {"X-Api-Key": ""}, {"X-Api-Key": "wrong"}):
            answer = anonymous.get(path, headers=headers)

            assert status_and_code(answer) == (403, "InvalidApiKey")
            assert_problem(answer)


def test_key_does_not_write(reader: httpx.Client) -> None:
    assert reader.put("users/U-1", json=ADA).status_code == 401
    assert reader.delete("users/U-1").status_code == 401


def test_token_does_not_read(carol: httpx.Client) -> None:
    assert carol.get("users").status_code == 403


def test_key_over_its_rate_waits_and_others_do_not(stack: Stack, anonymous: httpx.Client, reader: httpx.Client) -> None:
    """A plan of one request in a quarter of an hour: the second is over the rate, however slow the machine is."""
    headers = {"X-Api-Key": new_api_key(stack, "slow", rate=0.001, burst=1)}

    answers = [anonymous.get("users", headers=headers) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 429]
    assert answers[1].json()["code"] == "Throttled"
    assert_problem(answers[1])
    assert reader.get("users").status_code == 200
