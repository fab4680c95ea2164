"""Bugs that are put into products, and found."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from unittest import mock

from products import store
from products.model import Product
from shared.aws import ClientError, transact_write
from shared.idempotency import IdempotencyRecord

type Finds = Callable[[str, AbstractContextManager[object]], bool]


def test_key_that_is_stored_after_the_product(finds: Finds) -> None:
    def write_apart(writes: list[dict[str, Any]], record: IdempotencyRecord | None) -> dict[str, Any]:
        transact_write(writes)
        if record is not None:
            transact_write([{"Put": record.put()}])
        return {}

    assert finds("products/create/ok", mock.patch.object(store, "write_once", write_apart))


def test_version_that_counts_a_repeat_of_the_sdk(finds: Finds) -> None:
    update_item: Any = store._dynamodb.update_item

    def update_again(*, ConditionExpression: str, **request: Any) -> Any:  # noqa: N803 - DynamoDB's name
        condition, _, _ = ConditionExpression.partition(" AND (attribute_not_exists(write_id)")
        return update_item(ConditionExpression=condition, **request)

    assert finds("products/update/ok", mock.patch.object(store._dynamodb, "update_item", update_again))


def test_success_without_a_write(finds: Finds) -> None:
    create_product = store.create_product

    def create_if_possible(product: Product, record: IdempotencyRecord | None) -> Product:
        try:
            return create_product(product, record)
        except ClientError:
            return product

    assert finds("products/create/ok", mock.patch.object(store, "create_product", create_if_possible))
