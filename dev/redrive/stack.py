"""Redrives the failure queues of a stack."""

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from dev.application.project import find_function, load_template
from dev.application.stack import Stack
from dev.errors import DevError
from dev.local_aws.deployment import stack_resources
from dev.local_aws.event_sources.deployed_mappings import Physical, deployed_mappings
from dev.local_aws.invocation import DeployedFunction
from dev.redrive.async_events import EventRedrive, asynchronous_functions
from dev.redrive.failure_queue import Answer
from dev.redrive.stream_records import StreamRedrive


@dataclass(frozen=True, slots=True)
class Redrive:
    """Redrives the queues of one deployed stack, or of one of its functions."""

    records: StreamRedrive
    events: EventRedrive

    def run(self) -> Iterator[Answer]:
        """Handle every message and yield its result."""
        yield from self.records.run()
        yield from self.events.run()


def redrive_stack(stack: Stack, function: str | None) -> Redrive:
    """Return the redrive of one function's queue in the local stack, or of all. Raises DevError without a queue."""
    return _redrive(stack.client, stack.resources(), function)


def redrive_stack_on_aws(name: str, function: str | None) -> Redrive:
    """Return the redrive for a stack on AWS, with the caller's credentials and region. Raises DevError."""
    client = functools.cache(boto3.Session().client)
    try:
        return _redrive(client, stack_resources(client("cloudformation"), name), function)
    except (BotoCoreError, ClientError, KeyError) as error:
        raise DevError(f"Cannot read the stack {name}: {error}") from error


def _redrive(client: Callable[[Any], Any], physical: Physical, function: str | None) -> Redrive:
    template = load_template()
    chosen = None if function is None else find_function(function).logical_id
    mappings = deployed_mappings(template, client, physical)
    mappings = tuple(one for one in mappings if one.queue_url and chosen in (None, one.mapping.function))
    functions = asynchronous_functions(template, client, physical)
    functions = tuple(one for one in functions if chosen in (None, one.function))
    if not mappings and not functions:
        raise DevError(f"{chosen or 'No function'} has no failure queue.")

    def invoke(arn: str, event: dict[str, Any]) -> Any:
        return DeployedFunction(client("lambda"), arn)(event)

    return Redrive(
        StreamRedrive(mappings, client("sqs"), client("dynamodbstreams"), invoke),
        EventRedrive(functions, client("sqs"), invoke),
    )
