"""Replays the records that the failure messages in a mapping's queue name, and deletes the message of those handled.

A message stays, visible at once, as long as one of its records failed or is gone from the stream. A record may
be handled twice: repeat it as often as you like.
"""

import functools
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from dev.cases import Outcome
from dev.deployed_function import DeployedFunction
from dev.deployment import stack_resources
from dev.errors import DevError
from dev.stack import Stack
from dev.streams.answer import progress
from dev.streams.failure import Record, sequence
from dev.streams.filter import verdict
from dev.streams.plan import Physical, Planned, make_plan
from dev.streams.shards import Stream
from dev.template import find_function, load_template

HOLD_SECONDS = 120
"""How long nobody else sees a message that is being worked on, should this process be killed."""
_GONE = {"TrimmedDataAccessException", "ResourceNotFoundException"}

type InvokeFunction = Callable[[str, dict[str, Any]], Outcome]
"""Sends an event to a function, by ARN."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one message: whether all its records are handled, and a line that says so."""

    home: bool
    line: str


@dataclass(frozen=True, slots=True)
class _Range:
    """The records that a message names."""

    stream_arn: str
    shard: str
    first: str
    last: str
    function_arn: str

    def __str__(self) -> str:
        return self.first if self.first == self.last else f"{self.first}..{self.last}"


@dataclass(frozen=True, slots=True)
class Redrive:
    """Redrives the queues of some mappings of one deployed stack."""

    planned: Sequence[Planned]
    sqs: Any
    streams: Any
    invoke: InvokeFunction

    def run(self) -> Iterator[Answer]:
        """Work through every message there is. Yields what became of each."""
        for queue_url in dict.fromkeys(planned.queue_url for planned in self.planned if planned.queue_url):
            queue = _Queue(self.sqs, queue_url)
            try:
                for message in queue.receive():
                    answer = self._answer(message)
                    if answer.home:
                        queue.delete(message)
                    yield answer
            finally:
                queue.show_what_is_left()

    def _answer(self, message: dict[str, Any]) -> Answer:
        named = _parse(message["Body"])
        if named is None:
            return Answer(home=False, line=f"message {message['MessageId']} does not name records of a stream")
        planned = next((one for one in self.planned if one.function_arn == named.function_arn), None)
        if planned is None:
            return Answer(home=False, line=f"message {message['MessageId']} is about {named.function_arn}")
        function = planned.mapping.function
        records = self._fetch(named)
        if records is None:
            return Answer(home=False, line=f"{function} {named}: gone from the stream")
        wanted = [record for record in records if verdict(planned.mapping.patterns, record).delivered]
        failed = [problem for record in wanted if (problem := self._replay(planned, record))]
        if failed:
            return Answer(
                home=False, line=f"{function} {named}: {len(failed)} of {len(wanted)} failed: {', '.join(failed)}"
            )
        return Answer(home=True, line=f"{function} {named}: {len(wanted)} handled")

    def _fetch(self, named: _Range) -> list[Record] | None:
        """Return every record of the range, null if the stream no longer has them all."""
        try:
            records = list(Stream(self.streams, named.stream_arn).records_between(named.shard, named.first, named.last))
        except ClientError as error:
            if error.response["Error"]["Code"] not in _GONE:
                raise
            return None
        whole = records and sequence(records[-1]) == int(named.last)
        return records if whole else None

    def _replay(self, planned: Planned, record: Record) -> str:
        """Hand one record to the function. Returns what failed, empty if nothing did."""
        outcome = self.invoke(planned.function_arn, {"Records": [record]})
        if progress(outcome, [record], reports_failures=planned.mapping.reports_failures).handled:
            return ""
        return f"{record['dynamodb']['SequenceNumber']} ({outcome.error or 'reported by the function'})"


def of_stack(stack: Stack, function: str | None) -> Redrive:
    """Return the redrive of one function's queue in the local stack, or of all. Raises DevError if it has none."""
    return _redrive(stack.client, stack.resources(), function)


def of_stack_on_aws(name: str, function: str | None) -> Redrive:
    """Return the same for a stack that the caller's own credentials and region reach. Raises DevError."""
    client = functools.cache(boto3.Session().client)
    try:
        return _redrive(client, stack_resources(client("cloudformation"), name), function)
    except (BotoCoreError, ClientError, KeyError) as error:
        raise DevError(f"Cannot look into the stack {name}: {error}") from error


def _redrive(client: Callable[[Any], Any], physical: Physical, function: str | None) -> Redrive:
    chosen = None if function is None else find_function(function).logical_id
    planned = make_plan(load_template(), client, physical)
    planned = tuple(one for one in planned if one.queue_url and chosen in (None, one.mapping.function))
    if not planned:
        raise DevError(f"{chosen or 'No function'} has no failure queue of a stream.")
    return Redrive(
        planned,
        sqs=client("sqs"),
        streams=client("dynamodbstreams"),
        invoke=lambda arn, event: DeployedFunction(client("lambda"), arn)(event),
    )


@dataclass
class _Queue:
    """Messages of one queue, each received once."""

    sqs: Any
    url: str
    _held: dict[str, str] = field(default_factory=dict)
    """Receipt handle by message id."""

    def receive(self) -> Iterator[dict[str, Any]]:
        seen: set[str] = set()
        while True:
            answer = self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10, VisibilityTimeout=HOLD_SECONDS)
            messages = answer.get("Messages", [])
            self._held |= {message["MessageId"]: message["ReceiptHandle"] for message in messages}
            fresh = [message for message in messages if message["MessageId"] not in seen]
            if not fresh:
                return
            for message in fresh:
                seen.add(message["MessageId"])
                yield message

    def delete(self, message: dict[str, Any]) -> None:
        self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=self._held.pop(message["MessageId"]))

    def show_what_is_left(self) -> None:
        for handle in self._held.values():
            self.sqs.change_message_visibility(QueueUrl=self.url, ReceiptHandle=handle, VisibilityTimeout=0)
        self._held.clear()


def _parse(body: str) -> _Range | None:
    try:
        message = json.loads(body)
        batch = message["DDBStreamBatchInfo"]
        first, last = batch["startSequenceNumber"], batch["endSequenceNumber"]
        if int(first) <= int(last):
            return _Range(batch["streamArn"], batch["shardId"], first, last, message["requestContext"]["functionArn"])
    except (ValueError, KeyError, TypeError):
        pass
    return None
