"""The products consumer behind a real stream: what fails is retried, isolated, reported and redriven."""

import contextlib
import json
import uuid
from collections.abc import Callable, Iterator

import pytest

from dev.application.stack import Stack, Status
from dev.local_aws import logs
from dev.local_aws.event_sources.deployed_mappings import Plan
from dev.local_aws.event_sources.service import PLAN
from tests.integration.consumers import failed_events, redriven, spoilt
from tests.waiting import DEADLINE_SECONDS, wait_until

FUNCTION = "OnProductChangeFunction"

SPOILT = """
from products import on_change

def is_poison(record):
    product_id = record["dynamodb"]["Keys"]["product_id"]["S"]
    return record["eventName"] == "INSERT" and product_id.startswith("POISON")

def raises(event, context):
    if any(map(is_poison, event["Records"])):
        raise RuntimeError("poison")
    return on_change.handler(event, context)

def reports(event, context):
    good = [one for one in event["Records"] if not is_poison(one)]
    if good:
        on_change.handler({"Records": good}, context)
    failed = [{"itemIdentifier": one["dynamodb"]["SequenceNumber"]} for one in filter(is_poison, event["Records"])]
    return {"batchItemFailures": failed}
"""


@pytest.fixture
def spoil(stack: Stack) -> Callable[[str], contextlib.AbstractContextManager[None]]:
    """Makes the deployed consumer fail for new products whose id begins with POISON, while a block lasts."""
    return lambda how: spoilt(stack, FUNCTION, SPOILT, how)


@pytest.fixture
def customer() -> str:
    """A customer that no other test has."""
    return f"CUST-{uuid.uuid4()}"


@pytest.fixture
def put(stack: Stack, status: Status, customer: str) -> Iterator[Callable[[str], None]]:
    """Puts a product of the customer; they are deleted after the test."""
    dynamodb, table = stack.client("dynamodb"), status.tables["ProductsTable"]
    keys = []

    def put_product(product_id: str) -> None:
        keys.append({"customer_id": {"S": customer}, "product_id": {"S": product_id}})
        dynamodb.put_item(TableName=table, Item=keys[-1])

    yield put_product
    for key in keys:
        dynamodb.delete_item(TableName=table, Key=key)


@pytest.fixture
def inserted(stack: Stack, customer: str) -> Callable[[], list[str]]:
    """Reads the ids of the customer's products whose insertion the consumer logged, in that order."""

    def read() -> list[str]:
        fields = [entry.fields for entry in logs.read(stack, [FUNCTION])]
        changes = [line for line in fields if line.get("message") == "product changed" and line["change"] == "INSERT"]
        return [line["product_id"] for line in changes if line["customer_id"] == customer]

    return read


@pytest.fixture
def plan(stack: Stack) -> Iterator[Plan]:
    """What the poller of the stack works by; it does so again after the test."""
    plan = Plan.from_text((stack.home / PLAN).read_text())
    yield plan
    stack.poller.start(plan)


def test_poison_is_isolated_reported_and_redriven(
    stack: Stack,
    status: Status,
    spoil: Callable[[str], contextlib.AbstractContextManager[None]],
    put: Callable[[str], None],
    inserted: Callable[[], list[str]],
    plan: Plan,
) -> None:
    (planned,) = (each for each in plan.mappings if each.logical_id == "OnProductChangeMapping")
    good = ["redriven-1", "redriven-2", "redriven-3", "redriven-4"]

    with spoil("raises"):
        stack.poller.stop()  # so that all come in one batch
        for product in [*good[:2], "POISON-redriven", *good[2:]]:
            put(product)
        stack.poller.start(plan)
        wait_until(lambda: failed_events(stack, FUNCTION))
        wait_until(lambda: set(good) <= set(inserted()))
        assert redriven(stack, FUNCTION) == ["failed"]
        (record,) = failed_events(stack, FUNCTION)

    assert list(dict.fromkeys(inserted())) == good
    (poison,) = json.loads(record.pop("payload"))["Records"]
    assert poison["dynamodb"]["Keys"]["product_id"]["S"] == "POISON-redriven"
    assert record["requestContext"].pop("requestId")
    assert record["requestContext"].pop("approximateInvokeCount") >= 6
    assert record["DDBStreamBatchInfo"].pop("approximateArrivalOfFirstRecord").endswith("Z")
    assert record["DDBStreamBatchInfo"].pop("approximateArrivalOfLastRecord").endswith("Z")
    assert record.pop("timestamp").endswith("Z")
    assert record == {
        "requestContext": {"functionArn": planned.function_arn, "condition": "RetryAttemptsExhausted"},
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
        "version": "1.0",
        "DDBStreamBatchInfo": {
            "shardId": "shardId-00000000000000000000-00000000",
            "startSequenceNumber": poison["dynamodb"]["SequenceNumber"],
            "endSequenceNumber": poison["dynamodb"]["SequenceNumber"],
            "batchSize": 1,
            "streamArn": planned.stream_arn,
        },
    }

    assert redriven(stack, FUNCTION) == ["redriven"]
    wait_until(lambda: "POISON-redriven" in inserted())
    assert redriven(stack, FUNCTION) == []


def test_killed_poller_loses_nothing(
    stack: Stack,
    spoil: Callable[[str], contextlib.AbstractContextManager[None]],
    put: Callable[[str], None],
    inserted: Callable[[], list[str]],
    plan: Plan,
) -> None:
    process = stack.poller.daemon.process()
    assert process is not None

    with spoil("reports"):
        put("killed-1")
        put("POISON-killed")
        put("killed-2")
        wait_until(lambda: "killed-1" in inserted())
        process.kill()
        process.wait(DEADLINE_SECONDS)
        put("killed-3")
        stack.poller.start(plan)  # `dev up` would also deploy the code that was replaced
        wait_until(lambda: failed_events(stack, FUNCTION))
        wait_until(lambda: {"killed-1", "killed-2", "killed-3"} <= set(inserted()))

    assert redriven(stack, FUNCTION) == ["redriven"]
    wait_until(lambda: "POISON-killed" in inserted())


def test_restarted_poller_delivers_nothing_twice(
    stack: Stack, put: Callable[[str], None], inserted: Callable[[], list[str]], plan: Plan
) -> None:
    put("restart-1")
    wait_until(lambda: inserted() == ["restart-1"])

    stack.poller.stop()
    put("restart-2")
    stack.poller.start(plan)

    wait_until(lambda: "restart-2" in inserted())
    assert inserted() == ["restart-1", "restart-2"]


def test_change_is_delivered_before_the_poller_stops(
    stack: Stack, put: Callable[[str], None], inserted: Callable[[], list[str]], plan: Plan
) -> None:
    stack.poller.stop()
    put("drain-1")
    stack.poller.start(plan)
    stack.poller.stop()  # while it starts

    assert inserted() == ["drain-1"]
    assert stack.poller.daemon.last_lines(1).endswith("stopped")
    stack.poller.start(plan)


def test_another_up_leaves_the_poller_alone(stack: Stack) -> None:
    before = stack.poller.daemon.process()

    stack.up(lambda _: None)

    assert before is not None
    assert stack.poller.daemon.process() == before
