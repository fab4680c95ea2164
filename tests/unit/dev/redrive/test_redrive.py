"""What becomes of the objects in a failure bucket."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from typer.testing import CliRunner

from dev import cli
from dev.application import in_process
from dev.application.deployed_stack import DeployedStack
from dev.local_aws.event_sources.failure import invocation_record
from dev.local_aws.failure_bucket import object_key
from dev.local_aws.invocation import Outcome
from dev.redrive.stack import Redrive, Result, open_redrive
from tests.unit.dev.local_aws.event_sources.fake_effects import SOURCE, numbers, report
from tests.unit.dev.local_aws.event_sources.stream_records import ARRIVED, record

UPLOAD = {"Records": [{"s3": {"object": {"key": "uploads/1"}}}]}
FAILED_AT = "2026-11-21T08:00:00.000Z"
IDS = ("event-2", "event-3", "event-4")


@dataclass
class Bench:
    """A failure bucket, and two functions that remember the stream records and events that they got."""

    s3: Any
    bucket: str
    outcome: Callable[[list[int]], Outcome] = lambda _: Outcome(None, None, "")
    got: list[Any] = field(default_factory=list)

    def put(self, content: Any, source: str = "uuid/shardId-1") -> str:
        key = object_key(source, FAILED_AT)
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=json.dumps(content))
        return key

    def keys(self) -> list[str]:
        return [each["Key"] for each in self.s3.list_objects_v2(Bucket=self.bucket).get("Contents", [])]

    def run(self, function: str | None = None, since: datetime | None = None, *, dry_run: bool = False) -> list[Result]:
        functions = {"on-order-change": "OnOrderChangeFunction", "on-order-upload": "OnOrderUploadFunction"}
        return list(Redrive(self.s3, self.bucket, functions, self._invoke).run(function, since, dry_run=dry_run))

    def _invoke(self, function: str, event: dict[str, Any]) -> Outcome:
        if function == "on-order-upload":
            self.got.append(event)
            return self.outcome([])
        assert function == "on-order-change"
        self.got.append(numbers(event["Records"]))
        return self.outcome(self.got[-1])


@pytest.fixture
def bench(dynamodb: object) -> Bench:
    return Bench(in_process.client("s3"), in_process.physical_name("FailureBucket"))


def batch(*sequence_numbers: int) -> dict[str, Any]:
    records = [record(number) for number in sequence_numbers]
    return invocation_record(SOURCE, records, "RetryAttemptsExhausted", 6, Outcome(None, "ValueError", ""), ARRIVED)


def upload(arn: str = "arn:aws:lambda:us-east-1:000000000000:function:on-order-upload:$LATEST") -> dict[str, Any]:
    context = {"requestId": "7f3a", "functionArn": arn, "condition": "RetriesExhausted", "approximateInvokeCount": 3}
    return {"version": "1.0", "timestamp": FAILED_AT, "requestContext": context, "requestPayload": UPLOAD}


def test_events_are_sent_again_and_their_objects_deleted(bench: Bench) -> None:
    stream, asynchronous = bench.put(batch(2, 3, 4)), bench.put(upload(), "async/on-order-upload")

    assert bench.run() == [
        Result(asynchronous, "OnOrderUploadFunction", "RetriesExhausted", FAILED_AT, 1, ("7f3a",), "redriven"),
        Result(stream, "OnOrderChangeFunction", "RetryAttemptsExhausted", FAILED_AT, 3, IDS, "redriven"),
    ]
    assert bench.got == [UPLOAD, [2, 3, 4]]
    assert bench.keys() == []
    assert bench.run() == []


@pytest.mark.parametrize(
    ("outcome", "problem"),
    [(Outcome(None, "ValueError", ""), "ValueError"), (Outcome(report("3"), None, ""), "reported by the function")],
)
def test_record_that_fails_again_does_not_hold_up_the_others(bench: Bench, outcome: Outcome, problem: str) -> None:
    bench.outcome = lambda got: outcome if 3 in got else Outcome(report(), None, "")
    key = bench.put(batch(2, 3, 4))

    (result,) = bench.run()

    assert (result.state, result.problem) == ("failed", f"event-3 {problem}")
    assert bench.got == [[2, 3, 4], [2], [3], [4]]
    assert bench.keys() == [key]


def test_records_that_fail_only_together_are_redriven(bench: Bench) -> None:
    bench.outcome = lambda got: Outcome(None, "timed out" if len(got) > 1 else None, "")
    bench.put(batch(2, 3))

    assert [result.state for result in bench.run()] == ["redriven"]


def test_function_that_cannot_be_invoked_keeps_its_event(bench: Bench) -> None:
    def reject(_: list[int]) -> Outcome:
        raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "Invoke")

    bench.outcome = reject
    key = bench.put(upload())

    (result,) = bench.run()

    assert "AccessDeniedException" in result.problem
    assert bench.keys() == [key]


def test_object_of_another_shape_or_stack_is_kept(bench: Bench, subtests: pytest.Subtests) -> None:
    other = upload("arn:aws:lambda:us-east-1:1:function:other")
    for content in ["hello", [], {}, upload("arn"), other, batch(1) | {"payload": "x"}]:
        with subtests.test(content=content):
            key = bench.put(content)

            (result,) = bench.run()

            assert str(result) == f"FAIL {key}: This object is not an invocation record of a function in this stack."
            assert bench.got == []
            bench.s3.delete_object(Bucket=bench.bucket, Key=key)


def test_dry_run_changes_nothing(bench: Bench) -> None:
    key = bench.put(batch(2, 3, 4, 5))

    assert [str(result) for result in bench.run(dry_run=True)] == [
        f"wait OnOrderChangeFunction RetryAttemptsExhausted {FAILED_AT}, records: 4 (event-2, event-3, event-4, …)"
    ]
    assert bench.got == []
    assert bench.keys() == [key]


def test_events_of_one_function_or_time_are_chosen(bench: Bench) -> None:
    bench.put(batch(2)), bench.put(upload())
    now = datetime.now(UTC)

    assert bench.run(since=now + timedelta(hours=1)) == []
    assert [result.function for result in bench.run("OnOrderUploadFunction")] == ["OnOrderUploadFunction"]
    assert [result.function for result in bench.run(since=now - timedelta(hours=1))] == ["OnOrderChangeFunction"]


def interrupt_at_3(got: list[int]) -> Outcome:
    if got == [3]:
        raise KeyboardInterrupt
    return Outcome(None, None, "")


def test_interrupted_redrive_is_continued_by_the_next(bench: Bench) -> None:
    bench.outcome = interrupt_at_3
    keys = [bench.put(batch(number), f"uuid/{number}") for number in (2, 3, 4)]
    with pytest.raises(KeyboardInterrupt):
        bench.run()

    assert bench.keys() == keys[1:]
    bench.outcome = lambda _: Outcome(None, None, "")
    assert [result.state for result in bench.run()] == ["redriven"] * 2
    assert bench.keys() == []


def test_stack_that_lacks_a_table_can_be_redriven(bench: Bench) -> None:
    bench.put(batch(2))
    physical = {
        "AWS::S3::Bucket": {"FailureBucket": bench.bucket},
        "AWS::Lambda::Function": {"OnOrderChangeFunction": "on-order-change"},
    }
    deployed = DeployedStack("shop", is_local=False, resources=physical, client=boto3.client)

    (result,) = open_redrive(deployed).run(None, None, dry_run=True)

    assert result.function == "OnOrderChangeFunction"


@pytest.fixture
def opened(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bench in the place of the stack of `dev redrive`."""
    functions = {"on-order-change": "OnOrderChangeFunction"}
    redrive = Redrive(bench.s3, bucket=bench.bucket, functions=functions, invoke=bench._invoke)
    monkeypatch.setattr("dev.application.deployed_stack.open_deployed", lambda *_: None)
    monkeypatch.setattr("dev.redrive.stack.open_redrive", lambda _: redrive)


def test_json_of_an_interrupted_redrive_has_what_was_redriven(bench: Bench, opened: None) -> None:
    bench.outcome = interrupt_at_3
    redriven, _ = (bench.put(batch(number), f"uuid/{number}") for number in (2, 3))

    done = CliRunner().invoke(cli.app, ["redrive", "--json"])

    assert [(result["key"], result["state"]) for result in json.loads(done.stdout)] == [(redriven, "redriven")]
    assert done.exit_code == 130


def test_exit_code_and_json_say_what_remains(bench: Bench, opened: None) -> None:
    key = bench.put(batch(2))

    listed = CliRunner().invoke(cli.app, ["redrive", "--dry-run", "--json"])
    redriven = CliRunner().invoke(cli.app, ["redrive"])
    bench.s3.delete_bucket(Bucket=bench.bucket)
    unread = CliRunner().invoke(cli.app, ["redrive"])

    assert json.loads(listed.stdout) == [
        {
            "key": key,
            "function": "OnOrderChangeFunction",
            "condition": "RetryAttemptsExhausted",
            "failed_at": FAILED_AT,
            "records": 1,
            "ids": ["event-2"],
            "state": "waiting",
            "problem": "",
        }
    ]
    assert redriven.stdout.endswith("1 redriven, 0 remain\n")
    assert [result.exit_code for result in (listed, redriven, unread)] == [1, 0, 2]
