"""Error responses as every test of the API expects them."""

import httpx


def assert_problem(answer: httpx.Response) -> None:
    """The answer is RFC 9457 problem details with a code and the request's id."""
    problem = answer.json()

    assert answer.headers["Content-Type"] == "application/problem+json"
    assert set(problem) == {"title", "status", "detail", "code", "request_id"}
    assert problem["status"] == answer.status_code
    assert answer.headers["X-Request-Id"] == problem["request_id"]


def status_and_code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]
