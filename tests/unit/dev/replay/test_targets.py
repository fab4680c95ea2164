"""Cases run in this process on ids of their own."""

import re
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ReadTimeoutError

from dev.application import in_process
from dev.application.deployed_stack import DeployedStack
from dev.application.stack import Stack
from dev.errors import DevError
from dev.local_aws.invocation import Outcome
from dev.local_aws.signals import interruptible
from dev.local_aws.template import Function
from dev.replay import targets as replay
from dev.replay.cases import MARK, Case, Item
from dev.replay.table_state import Items
from dev.replay.targets import Target, open_target
from tests.unit.dev import shop
from tests.unit.http_events import OWNER, api_event

FUNCTIONS = Path(__file__).with_name("functions")
CUSTOMER = f"CUST-{MARK}"
KEY = {"customer_id": CUSTOMER, "order_id": "O1"}
ORDER: Item = KEY | {"balance": 5}
GIVEN = {"OrdersTable": [ORDER]}
DELETED = {"OrdersTable": [{"key": KEY, "after": None}]}


@pytest.fixture
def process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, socket_enabled: None) -> Iterator[Target]:
    monkeypatch.setattr(replay, "load_template", lambda: shop.TEMPLATE)
    monkeypatch.syspath_prepend(FUNCTIONS)
    with open_target("process", Stack(tmp_path)) as it:
        yield it


def case(name: str, **expect: Any) -> Case:
    claims = OWNER | {"custom:customer_id": CUSTOMER}
    return Case(name, "case", api_event(customer_id=CUSTOMER, product_id="O1", claims=claims), expect)


def summary(process: Target, of: Case) -> str:
    """Run a case that fails. Return the summary, with the ids of the files."""
    return re.sub(r"CUST-[0-9a-f]{12}", CUSTOMER, process.run(of)[0])


def beside_others(process: Target) -> Target:
    """Return the target as if others wrote there too."""
    return replace(process, alone=False)


def hold_something(process: Target) -> Items:
    """Put what others hold. Returns what the tables hold."""
    process.tables.dynamodb.put_item(TableName="RequestsTable", Item={"id": {"S": "theirs"}})
    item = {"customer_id": {"S": "CUST-2"}, "order_id": {"S": "O1"}, "note": {"S": "theirs"}}
    process.tables.dynamodb.put_item(TableName="OrdersTable", Item=item)
    return process.tables.read()


def spoil(event: dict[str, Any], context: object) -> None:
    """A handler that writes elsewhere, then fails."""
    customer = event["pathParameters"]["customer_id"]
    item = {"customer_id": {"S": "CUST-3"}, "order_id": {"S": "O1"}, "for": {"S": customer}}
    in_process.client("dynamodb").put_item(TableName="OrdersTable", Item=item)
    raise LookupError("spoilt")


def with_spoil(process: Target) -> Target:
    function = Function("SpoilFunction", f"{__name__}.spoil", (), {})
    return replace(process, functions={"invoices/spoil": function})


def test_case_as_expected_has_no_problem(process: Target) -> None:
    body = {"order_id": "O1", "balance": 5}

    assert process.run(case("shop_orders/get", given=GIVEN, status=200, headers={"ETag": '"1"'}, body=body)) == []


def test_declared_change_is_no_problem(process: Target) -> None:
    assert process.run(case("shop_orders/delete", given=GIVEN, status=204, changes=DELETED)) == []


def test_log_of_the_function_is_read(process: Target) -> None:
    logs = [{"level": "INFO", "message": "answered", "status": 200}]

    assert process.run(case("shop_orders/get", given=GIVEN, status=200, logs=logs)) == []


def test_failure_is_explained(process: Target) -> None:
    told = process.run(case("shop_orders/delete", given=GIVEN, status=404, changes=DELETED))

    assert [each.partition("\n")[0].split() for each in told] == [
        ["answer.status", "is", "204,", "not", "404"],
        ["expected", "│", "actual"],
        ["before", "│", "after"],
        ["result"],
        ["log"],
    ]


def test_undeclared_change_is_reported(process: Target) -> None:
    told = summary(process, case("shop_orders/delete", given=GIVEN, status=204))

    assert told == f"OrdersTable {CUSTOMER} / O1 is deleted, not unchanged"


def test_missing_change_is_reported(process: Target) -> None:
    told = summary(process, case("shop_orders/get", given=GIVEN, status=200, changes=DELETED))

    assert told == f"OrdersTable {CUSTOMER} / O1 is unchanged, not deleted"


@pytest.mark.parametrize("changes", [DELETED, {}], ids=["as expected", "not as expected"])
@pytest.mark.parametrize("name", ["shop_orders/delete", "shop_orders/get"])
def test_items_of_others_are_kept_and_those_of_the_case_removed(
    process: Target, name: str, changes: dict[str, Any]
) -> None:
    before = hold_something(process)

    beside_others(process).run(case(name, given=GIVEN, status=204, changes=changes))

    assert process.tables.read() == before


def test_item_in_another_partition_is_reported_where_nothing_else_writes(process: Target) -> None:
    told = with_spoil(process).run(case("invoices/spoil", given=GIVEN, raises="spoilt"))

    assert "OrdersTable CUST-3 / O1\nunchanged " in told[2]
    assert not any(process.tables.read().values())


def test_item_outside_of_the_named_partitions_is_found_by_the_case_s_ids_in_it(process: Target) -> None:
    before, beside = hold_something(process), with_spoil(beside_others(process))

    assert beside.run(case("invoices/spoil", given=GIVEN, raises="spoilt")) == []
    (remains,) = beside.remove_remains()
    assert remains.startswith("invoices/spoil/case left an item behind: OrdersTable ('CUST-3', 'O1'). ")
    assert (beside.remove_remains(), process.tables.read()) == ([], before)


def test_object_that_a_late_function_wrote_is_removed(process: Target) -> None:
    def invoke(_function: Function, event: dict[str, Any]) -> Outcome:
        key = f"thumbnails/{event['pathParameters']['customer_id']}"
        process.buckets.s3.put_object(Bucket="filesbucket", Key=key, Body=b"")
        return Outcome(None, None, "")

    process.buckets.s3.put_object(Bucket="filesbucket", Key="thumbnails/theirs", Body=b"")
    beside = replace(beside_others(process), invoke=invoke)
    beside.run(case("shop_orders/get", returns=None))

    assert beside.remove_remains() == []
    assert [key for key, _ in process.buckets.versions("FilesBucket")] == ["thumbnails/theirs"]


def test_traceback_of_a_handler_is_reported_first(process: Target) -> None:
    told, traceback, *_ = with_spoil(process).run(case("invoices/spoil", status=200))

    assert told == "LookupError: spoilt"
    assert '    raise LookupError("spoilt")\n' in traceback


def test_nothing_is_left_when_a_function_cannot_be_invoked(process: Target) -> None:
    def fail(function: Function, event: dict[str, Any]) -> Outcome:
        raise ConnectionError(function, event)

    before = hold_something(process)

    with pytest.raises(ConnectionError):
        replace(beside_others(process), invoke=fail).run(case("shop_orders/get", given=GIVEN, status=200))

    assert process.tables.read() == before


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signal_lets_the_case_end_and_a_second_one_ends_it(process: Target, number: signal.Signals, code: int) -> None:
    def invoke(_function: Function, event: dict[str, Any]) -> Outcome:
        signal.raise_signal(number)
        return Outcome(None, None, "")

    beside = replace(beside_others(process), invoke=invoke)
    with interruptible() as interrupted:
        assert interrupted() is None
        assert beside.run(case("shop_orders/get", given=GIVEN, returns=None)) == []
        assert interrupted() == code
        with pytest.raises(SystemExit) as ended:
            beside.run(case("shop_orders/get", given=GIVEN, returns=None))

    assert ended.value.code == code
    assert not any(process.tables.read().values())


def test_event_gets_the_version_of_a_given_object(process: Target) -> None:
    seen: list[tuple[Any, Any]] = []

    def invoke(_function: Function, event: dict[str, Any]) -> Outcome:
        head = process.buckets.s3.head_object(Bucket="filesbucket", Key=event["key"])
        seen.append((event["version"], head["VersionId"]))
        return Outcome(None, None, "")

    key = f"files/{MARK}/1"
    expect = {"given": {"FilesBucket": [{"key": key, "base64": "/9g="}]}, "returns": None}
    told = replace(process, invoke=invoke).run(
        Case("shop_orders/get", "case", {"key": key, "version": f"VERSION_OF_{key}"}, expect)
    )

    ((filled, current),) = seen
    assert (told, filled) == ([], current)


def test_items_are_given_before_objects(process: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a stack S3 tells a function of each object, which looks for its item."""
    file = {"id": MARK, "owner": "o", "created_at": "2026"}
    items: list[int] = []
    put = process.buckets.put

    def put_objects(_: object, expect: dict[str, Any]) -> Items:
        items.append(len(process.tables.read()["FilesTable"]))
        return put(expect)

    monkeypatch.setattr(type(process.buckets), "put", put_objects)
    given = {"FilesBucket": [{"key": f"uploads/{MARK}/1", "base64": ""}], "FilesTable": [file]}
    process.run(case("shop_orders/get", given=given, status=404))

    assert items == [1]


def test_functions_of_the_template_can_be_run(process: Target) -> None:
    assert process.functions["shop_orders/get"].logical_id == "GetOrderFunction"


@pytest.mark.parametrize(
    ("is_local", "remedy"), [(True, "Deploy it with: dev up"), (False, "Deploy the current template.yaml.")]
)
def test_function_that_is_not_deployed_is_named(is_local: bool, remedy: str) -> None:
    physical: dict[str, dict[str, str]] = {"AWS::Lambda::Function": {}}
    invoke = replay.deployed_invoke(DeployedStack("shop", is_local, physical, lambda *_, **__: None))

    with pytest.raises(DevError, match=f"^GetOrderFunction is not deployed. {remedy}$"):
        invoke(Function("GetOrderFunction", "shop_orders.get.handler", (), {}), {})


def test_event_is_sent_once_and_its_answer_awaited() -> None:
    waited: list[float] = []

    def client(service: str, **options: Any) -> Any:
        made = boto3.Session("key", "secret", region_name="eu-west-1").client(service, **options)  # type: ignore[call-overload]

        def time_out(**_: Any) -> None:
            waited.append(made.meta.config.read_timeout)
            raise ReadTimeoutError(endpoint_url="lambda")

        made.meta.events.register("before-send", time_out)
        return made

    physical = {"AWS::Lambda::Function": {"GetOrderFunction": "get"}}
    invoke = replay.deployed_invoke(DeployedStack("shop", is_local=False, resources=physical, client=client))
    with pytest.raises(ReadTimeoutError):
        invoke(Function("GetOrderFunction", "shop_orders.get.handler", (), {}), {})

    assert waited == [910]


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        (case("shop_orders/got", status=200), "No function shop_orders/got. There are: "),
        (case("shop_orders/get", status=200, given={"Nowhere": []}), "No table or bucket Nowhere"),
        (case("shop_orders/get", status=200, changes={"Nowhere": []}), "No table or bucket Nowhere"),
        (case("shop_orders/get", status=200, given={"OrdersTable": [ORDER | {"order_id": ""}]}), "OrdersTable rejects"),
        (case("shop_orders/get", status=200, given={"OrdersTable": [ORDER | {"customer_id": "C"}]}), "Other cases may"),
    ],
    ids=["function", "given store", "changed store", "rejected by DynamoDB", "key of others"],
)
def test_case_that_cannot_run_fails_alone(process: Target, wrong: Case, problem: str) -> None:
    before = hold_something(process)

    (told,) = beside_others(process).run(wrong)

    assert told.startswith(f"the case cannot run: {problem}")
    assert process.tables.read() == before
