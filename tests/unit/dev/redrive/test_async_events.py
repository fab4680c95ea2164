"""What becomes of the messages in the failure queue of a function that is invoked asynchronously."""

import json
from typing import Any

import pytest

from dev.local_aws.invocation import Outcome
from dev.redrive.async_events import Asynchronous, EventRedrive, asynchronous_functions
from dev.redrive.failure_queue import Answer
from tests.unit.dev.redrive.fake_queue import FakeQueue

ARN = "arn:aws:lambda:us-east-1:000000000000:function:on-order-upload"
EVENT = {"Records": [{"s3": {"object": {"key": "uploads/1"}}}]}


def message(event: Any = EVENT, arn: str = ARN) -> str:
    """Return a message as Lambda sends it, but for its responses."""
    context = {"requestId": "7f3a", "functionArn": arn, "condition": "RetriesExhausted", "approximateInvokeCount": 3}
    return json.dumps({"version": "1.0", "requestContext": context, "requestPayload": event})


def redrive(queue: FakeQueue, error: str | None = None) -> tuple[list[Answer], list[tuple[str, Any]]]:
    """Work through a queue with a function that fails so. Returns the answers, and what the function got."""
    got: list[tuple[str, Any]] = []

    def invoke(arn: str, event: dict[str, Any]) -> Outcome:
        got.append((arn, event))
        return Outcome(None, error, "")

    functions = [Asynchronous("OnOrderUploadFunction", ARN, "url")]
    return list(EventRedrive(functions, queue, invoke).run()), got


@pytest.mark.parametrize("arn", [ARN, f"{ARN}:$LATEST"], ids=["emulator", "Lambda"])
def test_event_is_handled_and_its_message_deleted(arn: str) -> None:
    queue = FakeQueue({"m0": message(arn=arn)})

    answers, got = redrive(queue)

    assert answers == [Answer(handled=True, line="OnOrderUploadFunction message m0: handled")]
    assert got == [(ARN, EVENT)]
    assert queue == FakeQueue()


def test_message_whose_event_fails_again_stays() -> None:
    queue = FakeQueue({"m0": message()})

    answers, _ = redrive(queue, error="still broken")

    assert answers == [Answer(handled=False, line="OnOrderUploadFunction message m0: failed: still broken")]
    assert queue == FakeQueue({"m0": message()})


@pytest.mark.parametrize(
    "body", ["hello", "[]", "{}", message(arn="arn:aws:lambda:us-east-1:0:function:x"), message(event="text")]
)
def test_message_of_another_shape_or_function_stays(body: str) -> None:
    queue = FakeQueue({"m0": body})

    answers, got = redrive(queue)

    assert answers == [Answer(handled=False, line="message m0 holds no event of OnOrderUploadFunction")]
    assert got == []
    assert queue == FakeQueue({"m0": body})


def test_functions_with_a_failure_queue_are_found() -> None:
    config = {
        "FunctionName": {"Ref": "F"},
        "DestinationConfig": {"OnFailure": {"Destination": {"Fn::GetAtt": "Q.Arn"}}},
    }
    template = {
        "Resources": {
            "C": {"Type": "AWS::Lambda::EventInvokeConfig", "Properties": config},
            "D": {"Type": "AWS::Lambda::EventInvokeConfig", "Properties": {"FunctionName": {"Ref": "G"}}},
        }
    }
    physical = {"AWS::Lambda::Function": {"F": "f-1", "G": "g-1"}, "AWS::SQS::Queue": {"Q": "http://q"}}

    assert asynchronous_functions(template, FakeLambda, physical) == (Asynchronous("F", "arn:f-1", "http://q"),)


class FakeLambda:
    """Clients by service: this one alone."""

    def __init__(self, service: str) -> None:
        assert service == "lambda"

    def get_function_configuration(self, *, FunctionName: str) -> dict[str, str]:  # noqa: N803
        return {"FunctionArn": f"arn:{FunctionName}"}
