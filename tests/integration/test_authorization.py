"""Who may call what, at the gateway."""

import re
from collections.abc import Callable

import httpx

from dev.application.project import load_openapi
from dev.replay.table_state import Items
from tests.integration.problems import assert_problem, status_and_code

SIGNED_IN = [
    (method.upper(), re.sub(r"{\w+}", "x", path).removeprefix("/"))
    for path, item in load_openapi()["paths"].items()
    for method, operation in item.items()
    if method != "parameters"
    and {"Cognito", "Jwt"} & {scheme for each in operation.get("security", []) for scheme in each}
]
"""Every route that needs a token."""


def test_every_route_but_the_open_ones_needs_a_token(anonymous: httpx.Client, all_items: Callable[[], Items]) -> None:
    before = all_items()

    answers = {(method, path): anonymous.request(method, path, json={}) for method, path in SIGNED_IN}

    assert answers
    assert {route: status_and_code(answer) for route, answer in answers.items()} == dict.fromkeys(
        answers, (401, "Unauthorized")
    )
    for answer in answers.values():
        assert_problem(answer)
    assert all_items() == before


def test_unknown_route_is_a_problem_too(alice: httpx.Client) -> None:
    answer = alice.get("nothing/here")

    assert (answer.status_code, answer.json()["code"]) == (404, "RouteNotFound")
    assert_problem(answer)
