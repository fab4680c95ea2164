"""The state of tables and buckets in memory: moto's objects, because its API takes far longer."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dev.application.demo_data import attribute_values, item_of
from dev.errors import DevError
from dev.local_aws.emulator import REGION
from dev.replay.bucket_state import Buckets
from dev.replay.cases import Item
from dev.replay.table_state import Items, Key, Parts, Tables


class InMemoryTables(Tables):
    """Tables in memory."""

    def _items(self, store: str, part: str | None) -> Iterator[Item]:
        for item in self._table(store).all_items():
            if part in {None, item.hash_key.value}:
                yield item_of(item.to_json()["Attributes"])

    def _put(self, items: Mapping[str, Iterable[Item]]) -> None:
        from moto.dynamodb.exceptions import MockValidationException
        from moto.dynamodb.responses import validate_put_has_empty_keys

        for store, of_store in items.items():
            table = self._table(store)
            for item in of_store:
                values = attribute_values(item)
                try:
                    validate_put_has_empty_keys(values, table)
                    table.put_item(values)
                except MockValidationException as error:
                    raise DevError(f"{store} rejects {item}: {error.message}") from error

    def remove(self, parts: Parts, found: Items) -> None:  # noqa: ARG002 - as in Tables
        """Delete the items found, and the records of streams, which every transaction would copy."""
        for store, items in found.items():
            for key in items:
                self.delete(store, key)
        for shard in filter(None, (self._table(store).stream_shard for store in self.names)):
            shard.items.clear()

    def delete(self, store: str, key: Key) -> None:
        from moto.dynamodb.models.dynamo_type import DynamoType

        partition, sort = [*map(DynamoType, self._attribute_values_of(store, key).values()), None][:2]
        self._table(store).delete_item(partition, sort)

    def _table(self, store: str) -> Any:
        from moto.core.models import DEFAULT_ACCOUNT_ID
        from moto.dynamodb.models import dynamodb_backends

        return dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables[self.names[store]]


class InMemoryBuckets(Buckets):
    """Buckets in memory."""

    def _items(self, store: str, part: str | None) -> Iterator[Item]:
        for key in list(self._objects(store)):
            if key.startswith(part or "") and not hasattr(self._objects(store)[key], "key"):  # as delete markers have
                yield self._item(store, key)

    def _new_version(self, store: str, key: str, body: bytes, content_type: str) -> str:
        put = self._backend.put_object(self.names[store], key, body)
        put.set_metadata({"Content-Type": content_type})
        return str(put.version_id)

    def versions(self, store: str, prefix: str = "") -> Iterator[tuple[str, str]]:
        objects = self._objects(store)
        for key in [each for each in objects if each.startswith(prefix)]:
            yield from [(key, version.version_id) for version in objects.getlist(key)]

    def delete(self, store: str, key: str, version: str) -> None:
        self._backend.delete_object(self.names[store], key, version)

    def _content(self, store: str, key: str) -> tuple[bytes, str]:
        found = self._objects(store)[key]
        return found.value, found.metadata["Content-Type"]

    def _objects(self, store: str) -> Any:
        return self._backend.buckets[self.names[store]].keys

    @property
    def _backend(self) -> Any:
        from moto.core.models import DEFAULT_ACCOUNT_ID
        from moto.s3.models import s3_backends

        return s3_backends[DEFAULT_ACCOUNT_ID]["aws"]
