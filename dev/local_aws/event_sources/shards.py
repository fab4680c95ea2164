"""Shards and records of a DynamoDB stream, with records in the form that Lambda passes to functions."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from dev.local_aws.event_sources.failure import Record

if TYPE_CHECKING:
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient
    from mypy_boto3_dynamodbstreams.type_defs import ShardTypeDef

MAX_EMPTY_PAGES = 50


@dataclass(frozen=True, slots=True)
class Page:
    """Some records and the next iterator, None at the end of a shard."""

    records: list[Record]
    next_iterator: str | None


@dataclass(frozen=True, slots=True)
class Stream:
    """One table's stream."""

    client: "DynamoDBStreamsClient"
    arn: str

    def shards(self) -> dict[str, str | None]:
        """Return the parent of each shard by shard id, None if the parent has expired."""
        shards = {shard["ShardId"]: shard.get("ParentShardId") for shard in self._describe()}
        return {shard: parent if parent in shards else None for shard, parent in shards.items()}

    def start(self, shard: str, after: str = "") -> str:
        """Return an iterator after a sequence number, or at the oldest record.

        If the number has expired, all remaining records are later, so the iterator is also at the oldest record.
        The emulator loses streams when it stops, but its numbers still grow because they come from the clock.
        """
        if after:
            try:
                return self._iterator(shard, ShardIteratorType="AFTER_SEQUENCE_NUMBER", SequenceNumber=after)
            except self.client.exceptions.TrimmedDataAccessException:
                pass
        return self._iterator(shard, ShardIteratorType="TRIM_HORIZON")

    def read(self, iterator: str) -> Page:
        """Return the next records. A page can be empty although more records follow."""
        page = self.client.get_records(ShardIterator=iterator)
        records = [lambda_record(record, self.arn) for record in page["Records"]]
        return Page(records, page.get("NextShardIterator"))

    def newest(self, shard: str) -> str:
        """Return the sequence number of the newest record, empty if there is none."""
        number = ""
        for record in self._records(self.start(shard)):
            number = record["dynamodb"]["SequenceNumber"]
        return number

    def _records(self, iterator: str | None) -> Iterator[Record]:
        """Yield the records after an iterator. Only many consecutive empty pages are the end."""
        empty = 0
        while iterator and empty < MAX_EMPTY_PAGES:
            page = self.read(iterator)
            yield from page.records
            empty = 0 if page.records else empty + 1
            iterator = page.next_iterator

    def _iterator(self, shard: str, **position: Any) -> str:
        return self.client.get_shard_iterator(StreamArn=self.arn, ShardId=shard, **position)["ShardIterator"]

    def _describe(self) -> Iterator["ShardTypeDef"]:
        start: dict[str, Any] = {}
        while True:
            description = self.client.describe_stream(StreamArn=self.arn, **start)["StreamDescription"]
            yield from description["Shards"]
            if "LastEvaluatedShardId" not in description:
                return
            start = {"ExclusiveStartShardId": description["LastEvaluatedShardId"]}


def lambda_record(record: Any, stream_arn: str) -> Record:
    """Return a record of GetRecords in the form that Lambda passes to functions: JSON, with the ARN of its stream."""
    found: Record = {**_json(record), "eventSourceARN": stream_arn}
    if "userIdentity" in found:  # deletions by TTL: the API capitalizes these fields, Lambda does not
        found["userIdentity"] = {name[0].lower() + name[1:]: value for name, value in found["userIdentity"].items()}
    return found


def _json(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _json(item) for name, item in value.items()}
    if isinstance(value, list | set | tuple):
        return [_json(item) for item in value]
    if isinstance(value, datetime):
        seconds = value.timestamp()
        return int(seconds) if seconds.is_integer() else seconds
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value
