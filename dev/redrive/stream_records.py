"""Redrives the records that failure messages refer to.

A message is kept if one of its records fails again or has expired from the stream. Consumers are idempotent, so a
redrive can be repeated.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from dev.local_aws.event_sources.batch_response import progress
from dev.local_aws.event_sources.deployed_mappings import DeployedMapping
from dev.local_aws.event_sources.failure import Record, sequence
from dev.local_aws.event_sources.filter import verdict
from dev.local_aws.event_sources.shards import Stream
from dev.local_aws.invocation import InvokeFunction
from dev.redrive.failure_queue import Answer, Message, work_through

_GONE = {"TrimmedDataAccessException", "ResourceNotFoundException"}


@dataclass(frozen=True, slots=True)
class _Range:
    """The records of a message."""

    stream_arn: str
    shard: str
    first: str
    last: str
    function_arn: str

    def __str__(self) -> str:
        return self.first if self.first == self.last else f"{self.first}..{self.last}"


@dataclass(frozen=True, slots=True)
class StreamRedrive:
    """Redrives the queues of some mappings of one deployed stack."""

    planned: Sequence[DeployedMapping]
    sqs: Any
    streams: Any
    invoke: InvokeFunction

    def run(self) -> Iterator[Answer]:
        """Handle every message and yield its result."""
        for queue_url in dict.fromkeys(planned.queue_url for planned in self.planned if planned.queue_url):
            yield from work_through(self.sqs, queue_url, self._answer)

    def _answer(self, message: Message) -> Answer:
        named = _parse(message["Body"])
        if named is None:
            return Answer(handled=False, line=f"message {message['MessageId']} does not name records of a stream")
        planned = next((one for one in self.planned if one.function_arn == named.function_arn), None)
        if planned is None:
            return Answer(handled=False, line=f"message {message['MessageId']} is about {named.function_arn}")
        function = planned.mapping.function
        records = self._fetch(named)
        if records is None:
            return Answer(handled=False, line=f"{function} {named}: gone from the stream")
        wanted = [record for record in records if verdict(planned.mapping.patterns, record).delivered]
        failed = [problem for record in wanted if (problem := self._replay(planned, record))]
        if failed:
            return Answer(
                handled=False, line=f"{function} {named}: {len(failed)} of {len(wanted)} failed: {', '.join(failed)}"
            )
        return Answer(handled=True, line=f"{function} {named}: {len(wanted)} handled")

    def _fetch(self, named: _Range) -> list[Record] | None:
        """Return every record of the range, None if some have expired from the stream."""
        try:
            records = list(Stream(self.streams, named.stream_arn).records_between(named.shard, named.first, named.last))
        except ClientError as error:
            if error.response["Error"]["Code"] not in _GONE:
                raise
            return None
        whole = records and sequence(records[-1]) == int(named.last)
        return records if whole else None

    def _replay(self, planned: DeployedMapping, record: Record) -> str:
        """Invoke the function with one record. Return the failure, empty if it succeeded."""
        outcome = self.invoke(planned.function_arn, {"Records": [record]})
        if progress(outcome, [record], reports_failures=planned.mapping.reports_failures).handled:
            return ""
        return f"{record['dynamodb']['SequenceNumber']} ({outcome.error or 'reported by the function'})"


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
