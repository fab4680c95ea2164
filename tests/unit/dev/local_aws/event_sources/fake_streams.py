"""The client of a DynamoDB stream whose shards and records a test sets, with the API's errors."""

import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from dev.local_aws.event_sources.failure import Record


class TrimmedDataAccessError(ClientError):
    """What the API raises for a sequence number that it no longer has."""


class Exceptions:
    TrimmedDataAccessException = TrimmedDataAccessError


@dataclass
class FakeStreams:
    """Shards by id; `parents` names the parent of some, `ended` those that get no more records."""

    shards: dict[str, list[Record]]
    parents: dict[str, str] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    page: int = 1000
    empty_pages: int = 0
    """Before each page with records."""
    failures: list[Exception] = field(default_factory=list)
    """Raised by the next reads, one each."""
    exceptions = Exceptions

    def describe_stream(self, StreamArn: str, ExclusiveStartShardId: str = "") -> dict[str, Any]:  # noqa: N803
        names = list(self.shards)
        name = names[names.index(ExclusiveStartShardId) + 1] if ExclusiveStartShardId else names[0]
        shard = {"ShardId": name} | ({"ParentShardId": self.parents[name]} if name in self.parents else {})
        more = {} if name == names[-1] else {"LastEvaluatedShardId": name}
        return {"StreamDescription": {"Shards": [shard], **more}}

    def get_shard_iterator(
        self,
        StreamArn: str,  # noqa: N803
        ShardId: str,  # noqa: N803
        ShardIteratorType: str,  # noqa: N803
        SequenceNumber: str = "",  # noqa: N803
    ) -> dict[str, str]:
        if ShardIteratorType == "TRIM_HORIZON":
            return {"ShardIterator": f"{ShardId} 0"}
        numbers = [record["dynamodb"]["SequenceNumber"] for record in self.shards[ShardId]]
        if SequenceNumber not in numbers:
            raise TrimmedDataAccessError({"Error": {"Code": "TrimmedDataAccessException"}}, "GetShardIterator")
        place = numbers.index(SequenceNumber) + (ShardIteratorType == "AFTER_SEQUENCE_NUMBER")
        return {"ShardIterator": f"{ShardId} {place}"}

    def get_records(self, ShardIterator: str) -> dict[str, Any]:  # noqa: N803
        if self.failures:
            raise self.failures.pop(0)
        shard, place, *empty = ShardIterator.split()
        start = int(place)
        if len(empty) < self.empty_pages:
            return {"Records": [], "NextShardIterator": f"{ShardIterator} -"}
        records = [_as_sdk(record) for record in self.shards[shard][start : start + self.page]]
        end = start + len(records)
        if shard in self.ended and end == len(self.shards[shard]):
            return {"Records": records}
        return {"Records": records, "NextShardIterator": f"{shard} {end}"}


def _as_sdk(record: Record) -> Record:
    """Return a record as the SDK parses it: no stream, a time in place of seconds."""
    parsed = copy.deepcopy(record)
    parsed.pop("eventSourceARN")
    seconds = parsed["dynamodb"]["ApproximateCreationDateTime"]
    parsed["dynamodb"]["ApproximateCreationDateTime"] = datetime.fromtimestamp(seconds, UTC)
    return parsed
