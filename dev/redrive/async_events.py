"""Failed events of asynchronously invoked functions, which Lambda sends to a failure queue.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from dev.local_aws.invocation import InvokeFunction, function_arn
from dev.local_aws.template import referent, resources
from dev.redrive.failure_queue import Answer, Message, work_through

TYPE = "AWS::Lambda::EventInvokeConfig"


@dataclass(frozen=True, slots=True)
class Asynchronous:
    """A function with a failure queue: logical id and physical names."""

    function: str
    function_arn: str
    queue_url: str


@dataclass(frozen=True, slots=True)
class EventRedrive:
    """Sends the events in some functions' failure queues to them again: a message holds its whole event."""

    functions: Sequence[Asynchronous]
    sqs: Any
    invoke: InvokeFunction

    def run(self) -> Iterator[Answer]:
        """Handle every message and yield its result."""
        for function in self.functions:
            yield from work_through(self.sqs, function.queue_url, partial(self._answer, function))

    def _answer(self, to: Asynchronous, message: Message) -> Answer:
        what = f"message {message['MessageId']}"
        event = _event_for(to, message["Body"])
        if event is None:
            return Answer(handled=False, line=f"{what} holds no event of {to.function}")
        error = self.invoke(to.function_arn, event).error
        return Answer(handled=error is None, line=f"{to.function} {what}: {f'failed: {error}' if error else 'handled'}")


def asynchronous_functions(
    template: Mapping[str, Any], client: Callable[[Any], Any], physical: Mapping[str, Mapping[str, str]]
) -> tuple[Asynchronous, ...]:
    """Return the functions of a deployed template that have a failure queue."""
    return tuple(
        Asynchronous(
            function=function,
            function_arn=function_arn(client("lambda"), physical["AWS::Lambda::Function"][function]),
            queue_url=physical["AWS::SQS::Queue"][queue],
        )
        for function, queue in _failure_queues(template)
    )


def _failure_queues(template: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for body in resources(template, TYPE).values():
        destination = body["Properties"].get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
        if destination is not None:
            yield referent(body["Properties"]["FunctionName"]), referent(destination)


def _event_for(to: Asynchronous, body: str) -> dict[str, Any] | None:
    """Return the event in a message, None if it belongs to another function or is not from Lambda."""
    try:
        message = json.loads(body)
        about, event = message["requestContext"]["functionArn"], message["requestPayload"]
    except (ValueError, KeyError, TypeError):
        return None
    # Lambda includes the version, the emulator does not.
    return event if about.removesuffix(":$LATEST") == to.function_arn and isinstance(event, dict) else None
