"""The tables and buckets of one stack, and what is found in them about a person."""

import time
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any, Literal

type Item = Mapping[str, Any]
"""DynamoDB attribute values by name."""


@dataclass(frozen=True)
class Finding:
    """An item, an object version, a user or a log stream with data of the person. `apply` removes that data.

    A log stream expires, because nothing can remove single events from it.
    """

    store: str
    name: str
    action: Literal["delete", "replace", "expire"]
    apply: Callable[[], object]


@dataclass(frozen=True)
class Version:
    """A version of an object, or a delete marker."""

    key: str
    id: str
    is_marker: bool


@dataclass(frozen=True)
class Stores:
    """Names of tables and buckets, and names of key attributes, by logical id."""

    tables: Mapping[str, str]
    buckets: Mapping[str, str]
    keys: Mapping[str, tuple[str, ...]]
    dynamodb: Any
    s3: Any
    pause: Callable[[float], object] = time.sleep

    def items(self, table: str) -> Iterator[Item]:
        """Read a whole table."""
        for page in self.dynamodb.get_paginator("scan").paginate(TableName=self.tables[table], ConsistentRead=True):
            yield from page["Items"]

    def name(self, table: str, item: Item) -> str:
        """Return the key of an item as text."""
        return " ".join(str(next(iter(item[name].values()))) for name in self.keys[table])

    def key(self, table: str, item: Item) -> dict[str, Any]:
        """Return the key attributes of an item."""
        return {name: item[name] for name in self.keys[table]}

    def delete(self, table: str, item: Item) -> Finding:
        """Find an item that is deleted."""
        request = {"TableName": self.tables[table], "Key": self.key(table, item)}
        return Finding(table, self.name(table, item), "delete", lambda: self.dynamodb.delete_item(**request))

    def idempotency_records(self, attribute: str, values: Set[str]) -> Iterator[Finding]:
        """Find the records of Idempotency-Keys whose request generated one of these values of an attribute."""
        for record in self.items("IdempotencyTable"):
            if record["generated"]["M"].get(attribute, {}).get("S") in values:
                yield self.delete("IdempotencyTable", record)

    def replace(self, table: str, item: Item, attributes: Item) -> Finding:
        """Find an item of which attributes are replaced, unless it is deleted meanwhile."""
        named = {f"#{number}": name for number, name in enumerate(attributes)}
        request = {
            "TableName": self.tables[table],
            "Key": self.key(table, item),
            "UpdateExpression": f"SET {', '.join(f'{name} = :{name[1:]}' for name in named)}",
            "ConditionExpression": "attribute_exists(#key)",
            "ExpressionAttributeNames": named | {"#key": self.keys[table][0]},
            "ExpressionAttributeValues": {f":{name[1:]}": attributes[each] for name, each in named.items()},
        }

        def apply() -> None:
            try:
                self.dynamodb.update_item(**request)
            except self.dynamodb.exceptions.ConditionalCheckFailedException:
                return

        return Finding(table, self.name(table, item), "replace", apply)

    def versions(self, bucket: str, prefix: str = "") -> Iterator[Version]:
        """List the versions and delete markers of a bucket."""
        pages = self.s3.get_paginator("list_object_versions").paginate(Bucket=self.buckets[bucket], Prefix=prefix)
        for page in pages:
            for kind in ("Versions", "DeleteMarkers"):
                for each in page.get(kind, []):
                    yield Version(each["Key"], each["VersionId"], is_marker=kind == "DeleteMarkers")

    def content(self, bucket: str, version: Version) -> bytes:
        """Read a version; a delete marker is empty."""
        if version.is_marker:
            return b""
        answer = self.s3.get_object(Bucket=self.buckets[bucket], Key=version.key, VersionId=version.id)
        content: bytes = answer["Body"].read()
        return content

    def delete_version(self, bucket: str, version: Version) -> Finding:
        """Find a version that is deleted permanently."""
        return Finding(bucket, version.key, "delete", lambda: self._delete_version(bucket, version))

    def replace_version(self, bucket: str, version: Version, content: str) -> Finding:
        """Find a version of JSON that is replaced."""

        def apply() -> None:
            name = self.buckets[bucket]
            self.s3.put_object(Bucket=name, Key=version.key, Body=content.encode(), ContentType="application/json")
            if version.id != "null":  # else the bucket has no versions, and the object is overwritten
                self._delete_version(bucket, version)

        return Finding(bucket, version.key, "replace", apply)

    def _delete_version(self, bucket: str, version: Version) -> None:
        self.s3.delete_object(Bucket=self.buckets[bucket], Key=version.key, VersionId=version.id)
