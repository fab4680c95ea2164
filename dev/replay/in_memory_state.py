"""The state of tables and buckets in memory: moto's objects, because its API takes far longer."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dev.application.demo_data import attribute_values
from dev.errors import DevError
from dev.local_aws.emulator import REGION
from dev.replay.bucket_state import Buckets
from dev.replay.cases import Item
from dev.replay.table_state import Items, Key, Parts, Tables, deserialized


class InMemoryTables(Tables):
    """Tables in memory."""

    def _items(self, place: str, part: str | None) -> Iterator[Item]:
        for item in self._table(place).all_items():
            if part in {None, item.hash_key.value}:
                yield deserialized(item.to_json()["Attributes"])

    def _put(self, items: Mapping[str, Iterable[Item]]) -> None:
        from moto.dynamodb.exceptions import MockValidationException
        from moto.dynamodb.responses import validate_put_has_empty_keys

        for place, of_place in items.items():
            table = self._table(place)
            for item in of_place:
                values = attribute_values(item)
                try:
                    validate_put_has_empty_keys(values, table)
                    table.put_item(values)
                except MockValidationException as error:
                    raise DevError(f"{place} rejects {item}: {error.message}") from error

    def remove(self, parts: Parts, found: Items) -> None:  # noqa: ARG002 - as in Tables
        """Delete the items found, and the records of streams, which every transaction would copy."""
        for place, items in found.items():
            for key in items:
                self.delete(place, key)
        for shard in filter(None, (self._table(place).stream_shard for place in self.names)):
            shard.items.clear()

    def delete(self, place: str, key: Key) -> None:
        from moto.dynamodb.models.dynamo_type import DynamoType

        partition, sort = [*map(DynamoType, self._attribute_values_of(place, key).values()), None][:2]
        self._table(place).delete_item(partition, sort)

    def _table(self, place: str) -> Any:
        from moto.core.models import DEFAULT_ACCOUNT_ID
        from moto.dynamodb.models import dynamodb_backends

        return dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables[self.names[place]]


class InMemoryBuckets(Buckets):
    """Buckets in memory."""

    def _items(self, place: str, part: str | None) -> Iterator[Item]:
        for key in list(self._objects(place)):
            if key.startswith(part or "") and not hasattr(self._objects(place)[key], "key"):  # as delete markers have
                yield self._item(place, key)

    def _new_version(self, place: str, key: str, body: bytes, content_type: str) -> str:
        put = self._backend.put_object(self.names[place], key, body)
        put.set_metadata({"Content-Type": content_type})
        return str(put.version_id)

    def versions(self, place: str, prefix: str = "") -> Iterator[tuple[str, str]]:
        objects = self._objects(place)
        for key in [each for each in objects if each.startswith(prefix)]:
            yield from [(key, version.version_id) for version in objects.getlist(key)]

    def delete(self, place: str, key: str, version: str) -> None:
        self._backend.delete_object(self.names[place], key, version)

    def _content(self, place: str, key: str) -> tuple[bytes, str]:
        found = self._objects(place)[key]
        return found.value, found.metadata["Content-Type"]

    def _objects(self, place: str) -> Any:
        return self._backend.buckets[self.names[place]].keys

    @property
    def _backend(self) -> Any:
        from moto.core.models import DEFAULT_ACCOUNT_ID
        from moto.s3.models import s3_backends

        return s3_backends[DEFAULT_ACCOUNT_ID]["aws"]
