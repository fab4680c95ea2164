"""Drives every pattern of the deployed stack once over HTTP, and fails if anything was unexpected."""

import time
from collections.abc import Callable
from typing import Any

import httpx

from dev.errors import DevError
from dev.logs import function_log
from dev.stack import Stack

LOG_SECONDS = 30

type Show = Callable[[str], None]


def run(stack: Stack, show: Show) -> None:
    """Walk through every pattern. Raises DevError at the first answer that is not as expected."""
    _products(stack, show)


def _products(stack: Stack, show: Show) -> None:
    show("Products: CRUD functions on DynamoDB, as alice@example.com, customer CUST-1001")
    started = int(time.time() * 1000)
    with stack.http() as http:
        http.headers["Authorization"] = stack.token("alice")
        path = "customers/CUST-1001/products"
        http.delete(f"{path}/DEMO-01")  # left by a walk that was interrupted
        step = _Steps(http, show)
        step(201, "POST", path, json={"product_id": "DEMO-01", "product_type": "savings", "balance": 1500.25})
        step(200, "GET", f"{path}/DEMO-01")
        step(200, "GET", path)
        step(412, "PATCH", f"{path}/DEMO-01", json={"balance": 1}, headers={"If-Match": '"7"'})
        step(200, "PATCH", f"{path}/DEMO-01", json={"balance": 3000}, headers={"If-Match": '"1"'})
        step(204, "DELETE", f"{path}/DEMO-01")
        step(404, "GET", f"{path}/DEMO-01")
    show("Its stream consumer logged:")
    for line in _changes(stack, started, "DEMO-01", ["INSERT", "MODIFY", "REMOVE"]):
        show(
            f"  {line['change']:<7} {line['customer_id']}/{line['product_id']} {', '.join(line['changed_attributes'])}"
        )


class _Steps:
    """Sends a request, prints it with its answer, and insists on the status."""

    def __init__(self, http: httpx.Client, show: Show) -> None:
        self._http = http
        self._show = show

    def __call__(self, expected: int, method: str, path: str, **request: Any) -> httpx.Response:
        answer = self._http.request(method, path, **request)
        headers = "".join(f" {name}: {value}" for name, value in request.get("headers", {}).items())
        self._show(f"  {answer.status_code} {method:<6} /{path}{headers}  {_summary(answer)}".rstrip())
        if answer.status_code != expected:
            raise DevError(f"{method} /{path} answered {answer.status_code}, not {expected}: {answer.text}")
        return answer


def _changes(stack: Stack, since: int, product_id: str, expected: list[str]) -> list[dict[str, Any]]:
    """Return the consumer's log lines for one product, waiting until the last is there."""
    deadline = time.monotonic() + LOG_SECONDS
    while True:
        lines = [
            entry.fields
            for entry in function_log(stack, "OnProductChangeFunction", since)
            if entry.fields.get("message") == "product changed" and entry.fields["product_id"] == product_id
        ]
        latest = lines[-len(expected) :]
        if [line["change"] for line in latest] == expected:
            return latest
        if time.monotonic() > deadline:
            raise DevError(f"The stream consumer logged {[line['change'] for line in lines]}, not {expected}")
        time.sleep(0.2)


def _summary(answer: httpx.Response) -> str:
    """Return the gist of an answer: a problem's code, the ids of a list, or a product."""
    if not answer.content:
        return ""
    body = answer.json()
    if "code" in body:
        return f"{body['code']}: {body['detail']}"
    if "items" in body:
        return ", ".join(item["product_id"] for item in body["items"])
    return f"{body['product_type']}, balance {body['balance']}, version {body['version']}"
