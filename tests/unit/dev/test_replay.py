"""Cases run in this process, and the tables put back after each."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

import shared.api  # noqa: F401  before sockets are blocked: the tracer makes one while it is imported
from dev import replay
from dev.cases import Case, Item, Outcome
from dev.errors import DevError
from dev.replay import Target, target
from dev.stack import Stack
from dev.stored import Items
from dev.template import Function, load_template
from tests.unit.http_events import api_event

TEMPLATE = load_template()
KEY = {"customer_id": "CUST-1", "product_id": "P1"}
PRODUCT: Item = KEY | {
    "product_type": "savings",
    "balance": 5,
    "version": 1,
    "created_at": "2026-01-01T00:00:00.000Z",
    "updated_at": "2026-01-01T00:00:00.000Z",
    "write_id": "fixture",
}
GIVEN = {"ProductsTable": [PRODUCT]}
DELETED = {"ProductsTable": [{"key": KEY, "after": None}]}


@pytest.fixture
def process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Target]:
    monkeypatch.setattr(replay, "load_template", lambda: TEMPLATE)  # it takes longer than a case
    with target("process", Stack(tmp_path)) as it:
        yield it


def case(name: str, **expect: Any) -> Case:
    return Case(name, "case", api_event(product_id="P1"), expect)


def hold_something(process: Target) -> Items:
    """Put items that a case clears and items that it does not. Returns what the tables hold."""
    process.tables.dynamodb.put_item(TableName="IdempotencyTable", Item={"id": {"S": "theirs"}})
    for customer in ("CUST-1", "CUST-2"):
        item = {"customer_id": {"S": customer}, "product_id": {"S": "P1"}, "note": {"S": "theirs"}}
        process.tables.dynamodb.put_item(TableName="ProductsTable", Item=item)
    return process.tables.read()


def spoil(event: dict[str, Any], context: object) -> None:
    """A handler that writes, then fails."""
    item = {"customer_id": {"S": "CUST-3"}, "product_id": {"S": "P1"}}
    boto3.client("dynamodb").put_item(TableName="ProductsTable", Item=item)
    raise LookupError("spoilt")


def with_spoil(process: Target) -> Target:
    function = Function("SpoilFunction", f"{__name__}.spoil", (), {})
    return replace(process, functions={"orders/spoil": function})


def test_case_as_expected_has_no_problem(process: Target) -> None:
    body = {"product_id": "P1", "balance": 5}

    assert process.run(case("products/get", given=GIVEN, status=200, headers={"ETag": '"1"'}, body=body)) == []


def test_declared_change_is_no_problem(process: Target) -> None:
    assert process.run(case("products/delete", given=GIVEN, status=204, changes=DELETED)) == []


def test_log_of_the_function_is_read(process: Target) -> None:
    logs = [{"level": "INFO", "message": "answered", "status": 200}]

    assert process.run(case("products/get", given=GIVEN, status=200, logs=logs)) == []


def test_wrong_status_is_told(process: Target) -> None:
    assert process.run(case("products/get", given=GIVEN, status=404)) == ["answer.status is 200, not 404"]


def test_undeclared_change_is_told(process: Target) -> None:
    problems = process.run(case("products/delete", given=GIVEN, status=204))

    assert problems == ["ProductsTable ('CUST-1', 'P1') changed unexpectedly to None"]


def test_declared_change_that_did_not_happen_is_told(process: Target) -> None:
    problems = process.run(case("products/get", given=GIVEN, status=200, changes=DELETED))

    assert problems == ["ProductsTable ('CUST-1', 'P1') did not change"]


def test_wrong_outcome_and_undeclared_change_are_both_told(process: Target) -> None:
    assert len(process.run(case("products/delete", given=GIVEN, status=200))) == 2


@pytest.mark.parametrize("changes", [DELETED, {}], ids=["as expected", "not as expected"])
def test_tables_are_put_back(process: Target, changes: dict[str, Any]) -> None:
    before = hold_something(process)

    process.run(case("products/delete", given=GIVEN, status=204, changes=changes))

    assert process.tables.read() == before


def test_tables_are_put_back_after_a_handler_that_raises(process: Target) -> None:
    before = hold_something(process)

    problems = with_spoil(process).run(case("orders/spoil", given=GIVEN, raises="spoilt"))

    assert [problem.partition(" changed")[0] for problem in problems] == ["ProductsTable ('CUST-3', 'P1')"]
    assert process.tables.read() == before


def test_unexpected_error_of_a_handler_is_told(process: Target) -> None:
    assert "raised error is 'spoilt', not None" in with_spoil(process).run(case("orders/spoil", status=200))


def test_tables_are_put_back_when_a_function_cannot_be_invoked(process: Target) -> None:
    def fail(function: Function, event: dict[str, Any]) -> Outcome:
        raise ConnectionError(function, event)

    before = hold_something(process)

    with pytest.raises(ConnectionError):
        replace(process, invoke=fail).run(case("products/get", given=GIVEN, status=200))

    assert process.tables.read() == before


def test_event_gets_the_version_of_a_given_object(process: Target) -> None:
    seen: list[tuple[Any, Any]] = []

    def invoke(_function: Function, event: dict[str, Any]) -> Outcome:
        head = process.buckets.s3.head_object(Bucket="mediabucket", Key="files/o/1")
        seen.append((event["version"], head["VersionId"]))
        return Outcome(None, None, "")

    expect = {"given": {"MediaBucket": [{"key": "files/o/1", "base64": "/9g="}]}, "returns": None}
    event = {"version": "VERSION_OF_files/o/1"}
    problems = replace(process, invoke=invoke).run(Case("products/get", "case", event, expect))

    ((filled, current),) = seen
    assert (problems, filled) == ([], current)


def test_items_are_given_before_objects(process: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a stack S3 tells a function of each object, which looks for its item."""
    media = {"id": "1", "owner": "o", "created_at": "2026"}
    items: list[int] = []
    put = process.buckets.s3.put_object

    def put_object(**request: Any) -> Any:
        items.append(len(process.tables.read()["MediaTable"]))
        return put(**request)

    monkeypatch.setattr(process.buckets.s3, "put_object", put_object)
    given = {"MediaBucket": [{"key": "uploads/o/1", "base64": ""}], "MediaTable": [media]}
    process.run(case("products/get", given=given, status=404))

    assert items == [1]


def test_unknown_function_is_refused(process: Target) -> None:
    with pytest.raises(DevError, match=r"^No function orders/place\. There are: .*products/create, "):
        process.run(case("orders/place", status=200))


def test_functions_of_the_template_can_be_run(process: Target) -> None:
    assert process.functions["products/get"].logical_id == "GetProductFunction"


def test_tables_are_restored_when_given_is_refused(process: Target) -> None:
    held = hold_something(process)
    without_sort_key_value: Item = PRODUCT | {"product_id": ""}

    with pytest.raises(ClientError):
        process.run(case("products/get", status=200, given={"ProductsTable": [without_sort_key_value]}))

    assert process.tables.read() == held


@pytest.mark.parametrize("expect", [{"given": {"Nowhere": []}}, {"changes": {"Nowhere": []}}])
def test_what_is_not_compared_is_refused(process: Target, expect: dict[str, Any]) -> None:
    with pytest.raises(DevError, match=r"^Nothing named Nowhere to compare"):
        process.run(case("products/get", status=200, **expect))
