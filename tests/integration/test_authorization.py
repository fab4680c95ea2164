"""Who may call what, at the gateway and behind it."""

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from dev.application.stack import Stack, Status
from dev.replay.table_state import Items
from tests.bad_tokens import FORGED, Spoil, forged, unsigned, with_claims
from tests.integration.test_products import assert_problem

PATH = "customers/CUST-1001/products"
NEW = {"product_id": "A-01", "product_type": "savings"}
ADA = {"name": "Ada", "email": "ada@example.com"}
ROUTES = [
    ("POST", PATH),
    ("GET", PATH),
    ("GET", f"{PATH}/SAV-01"),
    ("PATCH", f"{PATH}/SAV-01"),
    ("DELETE", f"{PATH}/SAV-01"),
]
LOOKS_LIKE_A_TOKEN = re.compile(r"([Bb]earer +)?[\w-]+\.[\w-]+\.[\w-]*", re.ASCII)
BAD_TOKENS: dict[str, Callable[[str], str]] = {
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


@pytest.mark.parametrize(("method", "path"), ROUTES, ids=[f"{method} {path}" for method, path in ROUTES])
def test_nobody_gets_in_without_a_token(
    anonymous: httpx.Client, all_items: Callable[[], Items], method: str, path: str
) -> None:
    before = all_items()

    answer = anonymous.request(method, path, json=NEW)

    assert (answer.status_code, answer.json()["code"]) == (401, "Unauthorized")
    assert_problem(answer)
    assert all_items() == before


@pytest.mark.parametrize("spoil", BAD_TOKENS.values(), ids=BAD_TOKENS)
def test_nobody_gets_in_with_a_bad_token(
    anonymous: httpx.Client, tokens: dict[str, str], spoil: Callable[[str], str]
) -> None:
    answer = anonymous.get(PATH, headers={"Authorization": spoil(tokens["alice"])})

    assert (answer.status_code, answer.json()["code"]) == (401, "Unauthorized")
    assert_problem(answer)


@pytest.mark.parametrize(("method", "path"), ROUTES, ids=[f"{method} {path}" for method, path in ROUTES])
def test_another_customer_is_forbidden(
    anonymous: httpx.Client, tokens: dict[str, str], all_items: Callable[[], Items], method: str, path: str
) -> None:
    before = all_items()

    answer = anonymous.request(method, path, json=NEW, headers={"Authorization": tokens["bob"]})

    assert (answer.status_code, answer.json()["code"]) == (403, "Forbidden")
    assert_problem(answer)
    assert all_items() == before


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_nobody_writes_users_without_a_token(
    anonymous: httpx.Client, all_items: Callable[[], Items], method: str
) -> None:
    before = all_items()

    answer = anonymous.request(method, "users/U-1", json=ADA)

    assert (answer.status_code, answer.json()["code"]) == (401, "Unauthorized")
    assert_problem(answer)
    assert all_items() == before


@pytest.mark.parametrize(("spoil", "reason"), FORGED.values(), ids=FORGED)
def test_nobody_puts_a_user_with_a_bad_token(
    anonymous: httpx.Client, tokens: dict[str, str], spoil: Spoil, reason: str
) -> None:
    """What does not look like a token, or may be good a moment later, is a 401, which nobody remembers; else a 403."""
    token = spoil(tokens["carol"])
    for_now = reason in {"unknown_key", "not_yet_valid"}
    expected = (401, "Unauthorized") if for_now or not LOOKS_LIKE_A_TOKEN.fullmatch(token) else (403, "Forbidden")

    answer = anonymous.put("users/U-1", json=ADA, headers={"Authorization": token})

    assert (answer.status_code, answer.json()["code"]) == expected
    assert_problem(answer)


@pytest.mark.parametrize("spoil", BAD_TOKENS.values(), ids=BAD_TOKENS)
def test_nobody_deletes_a_user_with_a_bad_token(
    anonymous: httpx.Client, tokens: dict[str, str], spoil: Callable[[str], str]
) -> None:
    answer = anonymous.delete("users/U-1", headers={"Authorization": spoil(tokens["carol"])})

    assert (answer.status_code, answer.json()["code"]) == (401, "Unauthorized")


def test_table_of_bad_tokens_is_long_enough() -> None:
    assert len(FORGED) >= 24


@pytest.mark.parametrize("name", ["alice", "staff"])
def test_who_is_no_writer_puts_no_user(anonymous: httpx.Client, tokens: dict[str, str], name: str) -> None:
    answer = anonymous.put("users/U-1", json=ADA, headers={"Authorization": tokens[name]})

    assert (answer.status_code, answer.json()["code"]) == (403, "Forbidden")
    assert_problem(answer)


def test_policy_that_is_remembered_holds_for_every_user(carol: httpx.Client, product_id: str) -> None:
    assert [carol.put(f"users/{product_id}-{number}", json=ADA).status_code for number in range(3)] == [200] * 3


@pytest.mark.parametrize("path", ["users", "users/U-1"])
@pytest.mark.parametrize("key", [None, "", "wrong"])
def test_nobody_reads_users_without_a_key(anonymous: httpx.Client, path: str, key: str | None) -> None:
    answer = anonymous.get(path, headers={} if key is None else {"X-Api-Key": key})

    assert (answer.status_code, answer.json()["code"]) == (403, "InvalidApiKey")
    assert_problem(answer)


def test_key_does_not_write(reader: httpx.Client) -> None:
    assert reader.put("users/U-1", json=ADA).status_code == 401
    assert reader.delete("users/U-1").status_code == 401


def test_token_does_not_read(carol: httpx.Client) -> None:
    assert carol.get("users").status_code == 403


def test_key_over_its_rate_waits_and_others_do_not(
    anonymous: httpx.Client, reader: httpx.Client, status: Status
) -> None:
    """The stack's own plan allows ten at once and five a second; the plan of the tests' key allows many more."""

    def get(_: int) -> httpx.Response:
        return anonymous.get("users/U-1", headers={"X-Api-Key": status.api_key})

    with ThreadPoolExecutor(8) as threads:
        refused = [answer for answer in threads.map(get, range(40)) if answer.status_code == 429]

    assert refused
    assert refused[0].json()["code"] == "Throttled"
    assert_problem(refused[0])
    assert reader.get("users").status_code == 200


def test_staff_reach_every_customer(staff: httpx.Client) -> None:
    assert [staff.get(f"customers/CUST-{number}/products").status_code for number in range(1001, 1005)] == [200] * 4


def test_users_cannot_change_their_customer(stack: Stack, status: Status) -> None:
    """On AWS the client refuses the write; the emulator does not know WriteAttributes, so the template is asserted."""
    client = stack.client("cognito-idp").describe_user_pool_client(
        UserPoolId=status.user_pool_id, ClientId=status.user_pool_client_id
    )["UserPoolClient"]

    assert client["WriteAttributes"] == ["email"]


def test_unknown_route_is_a_problem_too(alice: httpx.Client) -> None:
    answer = alice.get("nothing/here")

    assert (answer.status_code, answer.json()["code"]) == (404, "RouteNotFound")
    assert_problem(answer)
