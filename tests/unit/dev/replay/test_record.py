"""Expectations are written from what a case does."""

import hashlib
import json
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dev.application import in_process
from dev.application.stack import Stack
from dev.local_aws.template import Function
from dev.replay import targets
from dev.replay.cases import MARK, load_case
from dev.replay.record import record
from dev.replay.targets import Target, open_target
from tests.unit.dev import shop

CUSTOMER = f"CUST-{MARK}"
FUNCTIONS = Path(__file__).with_name("functions")
TIME = {"IsStr": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"}


def order(event: dict[str, Any], context: object) -> dict[str, Any]:
    """A handler that generates an id and a time, and hashes its customer. It answers with what it put."""
    customer, order_id = event["customer"], uuid.uuid4().hex
    digest = hashlib.sha256(customer.encode()).hexdigest()
    now = datetime.now(UTC)
    texts = {"created_at": f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03}Z", "digest": digest, "kind": "gift"}
    item = {"customer_id": {"S": customer}, "order_id": {"S": order_id}, "ttl": {"N": str(int(now.timestamp()))}}
    in_process.client("dynamodb").put_item(
        TableName="OrdersTable", Item=item | {name: {"S": text} for name, text in texts.items()}
    )
    return {
        "statusCode": 201,
        "headers": {"ETag": f'"1-{texts["created_at"]}"', "Order": order_id},
        "body": json.dumps({"id": order_id, "kind": "gift"}),
    }


@pytest.fixture
def process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, socket_enabled: None) -> Iterator[Target]:
    monkeypatch.setattr(targets, "load_template", lambda: shop.TEMPLATE)
    monkeypatch.syspath_prepend(FUNCTIONS)
    with open_target("process", Stack(tmp_path)) as it:
        yield replace(it, functions={"orders/order": Function("OrderFunction", f"{__name__}.order", (), {})})


def event_file(folder: Path, expect: dict[str, Any] | None) -> Path:
    path = folder / "orders" / "order" / "ok.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"customer": CUSTOMER}))
    if expect is not None:
        path.with_name("ok.expect.json").write_text(json.dumps(expect))
    return path


@pytest.mark.parametrize("expect", [None, {"status": 201}])
def test_missing_and_begun_expectations_are_written_with_patterns(
    process: Target, tmp_path: Path, expect: dict[str, Any] | None
) -> None:
    path = event_file(tmp_path, expect)

    recording = record(process, path)
    recording.write()

    after = {"created_at": TIME, "digest": hashlib.sha256(CUSTOMER.encode()).hexdigest(), "kind": "gift"}
    assert json.loads(recording.after) == {
        "status": 201,
        "headers": {"ETag": {"IsStr": f'"1-{TIME["IsStr"]}"'}, "Order": {"IsStr": "[0-9a-f]{32}"}},
        "body": {"id": {"IsStr": "[0-9a-f]{32}"}, "kind": "gift"},
        "changes": {
            "OrdersTable": [{"key": {"customer_id": CUSTOMER, "order_id": "ID_OF_ANSWER"}, "after": after}],
        },
        "hashes": [CUSTOMER],
    }
    assert process.run(load_case(path)) == []


def test_update_changes_only_what_does_not_hold(process: Target, tmp_path: Path) -> None:
    given = {"OrdersTable": [{"customer_id": CUSTOMER, "order_id": "O-1"}]}
    change = {"key": {"customer_id": CUSTOMER, "order_id": {"IsStr": ".+"}}, "after": {"kind": {"IsStr": "g.*"}}}
    old = {"given": given, "status": 200, "body": {"kind": {"IsStr": "g.*"}}, "changes": {"OrdersTable": [change]}}
    path = event_file(tmp_path, old)

    recording = record(process, path)

    assert json.loads(recording.after) == old | {"status": 201}
    assert [line for line in recording.difference() if line.startswith("+ ")] == ['+  "status": 201,']


def test_expectation_that_holds_stays_as_it_is(process: Target, tmp_path: Path) -> None:
    change = {"key": {"customer_id": CUSTOMER, "order_id": {"IsStr": ".+"}}, "after": {}}
    path = event_file(tmp_path, {"changes": {"OrdersTable": [change]}, "status": 201})

    assert record(process, path).difference() == []
