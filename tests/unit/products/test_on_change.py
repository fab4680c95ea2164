"""OnProductChangeFunction, beyond its event files."""

from typing import Any

from dev.application.in_process import lambda_context
from dev.paths import EVENTS
from dev.replay.cases import load_json
from products.on_change import handler
from tests.unit.conftest import LogLines


def event(case: str) -> dict[str, Any]:
    return load_json(EVENTS / "products" / "on_change" / f"{case}.json")


def test_change_of_nothing_but_the_write_id_has_no_changed_attributes(log_lines: LogLines) -> None:
    change = event("modify")
    old = change["Records"][0]["dynamodb"]["OldImage"]
    change["Records"][0]["dynamodb"]["NewImage"] = old | {"write_id": {"S": "another"}}

    handler(change, lambda_context())

    (line,) = [line for line in log_lines() if line.get("message") == "product changed"]
    assert line["changed_attributes"] == []
