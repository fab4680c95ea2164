"""Products: CRUD functions on DynamoDB, and a stream consumer that logs each change."""

import time
from typing import Any

from dev.application.stack import Stack
from dev.application.walkthrough.steps import Show, Steps, log_lines
from dev.errors import DevError

PATH = "customers/CUST-1001/products"
ONE = f"{PATH}/DEMO-01"
CHANGES = ["INSERT", "MODIFY", "REMOVE"]


def walk(stack: Stack, show: Show) -> None:
    show.pattern("Products: CRUD functions", "as alice@example.com, customer CUST-1001")
    started = int(time.time() * 1000)
    with stack.http() as http:
        http.headers["Authorization"] = stack.token("alice")
        http.delete(ONE)  # left by a walk that was interrupted
        step = Steps(http, show, _summary)
        created = step(201, "POST", PATH, json={"product_id": "DEMO-01", "product_type": "savings", "balance": 1500.25})
        step(200, "GET", ONE)
        step(200, "GET", PATH)
        step.called[created.headers["ETag"]] = "its first ETag"
        step(200, "PATCH", ONE, json={"balance": 3000}, headers={"If-Match": created.headers["ETag"]})
        step(412, "PATCH", ONE, json={"balance": 1}, headers={"If-Match": created.headers["ETag"]})
        step(204, "DELETE", ONE)
        step(404, "GET", ONE)
    show.pattern("Products: stream consumer", "logs each change")
    lines = log_lines(stack, "OnProductChangeFunction", started, _is_of_the_demo, len(CHANGES))
    if [line["change"] for line in lines] != CHANGES:
        raise DevError(f"The stream consumer logged {[line['change'] for line in lines]}, not {CHANGES}")
    for line in lines:
        changed = ", ".join(line["changed_attributes"])
        show.step(f"{line['change']:<6} {line['customer_id']}/{line['product_id']}", changed)


def _is_of_the_demo(fields: dict[str, Any]) -> bool:
    return fields.get("message") == "product changed" and fields["product_id"] == "DEMO-01"


def _summary(body: dict[str, Any]) -> str:
    """Return a summary of a list or a product."""
    if "items" in body:
        return ", ".join(item["product_id"] for item in body["items"])
    return f"{body['product_type']}, balance {body['balance']}, version {body['version']}"
