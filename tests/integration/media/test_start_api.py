"""A route for anyone through `sam local start-api`."""

import httpx


def test_anyone_gets_the_page(start_api: httpx.Client) -> None:
    answer = start_api.get("/")

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
