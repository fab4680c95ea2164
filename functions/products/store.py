"""Access patterns of the products table, one function each. Every write has a condition.

The SDK repeats a write whose response was lost, and then the condition may fail although the write succeeded. For
transactions the SDK's token prevents this. An update stores a random `write_id`: if the existing item has it, the
first attempt succeeded.
"""

import dataclasses
import os
import uuid
from decimal import Decimal
from typing import Any

from products.model import Product, ProductExistsError, ProductKey, ProductNotFoundError, VersionMismatchError
from shared.aws import ClientError, ConditionFailedError, dynamodb_client, error_code, transact_write
from shared.entity_tag import Revision
from shared.idempotency import IdempotencyRecord, write_once

_NO_REVISION: Revision = (0, "")
"""Matches no product: versions begin with 1."""

_dynamodb = dynamodb_client()


def create_product(product: Product, record: IdempotencyRecord | None) -> Product:
    """Put a new product. Returns it, or the one that the first request with this Idempotency-Key created.

    Raises ProductExistsError if the key is taken.
    """
    put = {
        "TableName": _table(),
        "Item": product.to_item(),
        "ConditionExpression": "attribute_not_exists(product_id)",
    }
    try:
        return dataclasses.replace(product, **write_once([{"Put": put}], record))
    except ConditionFailedError as error:
        raise ProductExistsError("The customer already has a product with this product_id.") from error


def get_product(key: ProductKey) -> Product:
    """Get one product, as of its last write. Raises ProductNotFoundError."""
    answer = _dynamodb.get_item(TableName=_table(), Key=key.to_item(), ConsistentRead=True)
    if "Item" not in answer:
        raise ProductNotFoundError
    return Product.from_item(answer["Item"])


def list_products(customer_id: str, limit: int, after: str | None) -> tuple[list[Product], str | None]:
    """Query one customer's products in order of product_id: a page, and the last product_id if more may follow."""
    query: dict[str, Any] = {}
    if after is not None:
        query["ExclusiveStartKey"] = ProductKey(customer_id, after).to_item()
    answer = _dynamodb.query(
        TableName=_table(),
        KeyConditionExpression="customer_id = :customer_id",
        ExpressionAttributeValues={":customer_id": {"S": customer_id}},
        Limit=limit,
        **query,
    )
    last_key = answer.get("LastEvaluatedKey")
    return [Product.from_item(item) for item in answer["Items"]], last_key["product_id"]["S"] if last_key else None


def update_product(
    key: ProductKey,
    *,
    product_type: str | None,
    balance: Decimal | None,
    revisions: list[Revision] | None,
    now: str,
) -> Product:
    """Change a product and increment its version; None leaves a field unchanged.

    Raises ProductNotFoundError, and VersionMismatchError unless it is one of `revisions` (None: any).
    """
    write_id = uuid.uuid4().hex
    assignments = ["version = version + :one", "updated_at = :now", "write_id = :write_id"]
    values: dict[str, Any] = {":one": {"N": "1"}, ":now": {"S": now}, ":write_id": {"S": write_id}}
    if product_type is not None:
        assignments.append("product_type = :product_type")
        values[":product_type"] = {"S": product_type}
    if balance is not None:
        assignments.append("balance = :balance")
        values[":balance"] = {"N": str(balance)}
    condition, condition_values = _exists_in(revisions)
    try:
        answer = _dynamodb.update_item(
            TableName=_table(),
            Key=key.to_item(),
            UpdateExpression="SET " + ", ".join(assignments),
            ConditionExpression=f"{condition} AND (attribute_not_exists(write_id) OR write_id <> :write_id)",
            ExpressionAttributeValues=values | condition_values,
            ReturnValues="ALL_NEW",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    except ClientError as error:
        if error_code(error) != "ConditionalCheckFailedException":
            raise
        existing: dict[str, Any] | None = error.response.get("Item")  # type: ignore[assignment]
        if existing is not None and existing.get("write_id") == {"S": write_id}:
            return Product.from_item(existing)
        raise _not_found_or_mismatch(existing) from error
    return Product.from_item(answer["Attributes"])


def delete_product(key: ProductKey, *, revisions: list[Revision] | None) -> None:
    """Delete a product. Raises ProductNotFoundError, and VersionMismatchError as `update_product`."""
    condition, condition_values = _exists_in(revisions)
    delete: dict[str, Any] = {
        "TableName": _table(),
        "Key": key.to_item(),
        "ConditionExpression": condition,
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    if condition_values:
        delete["ExpressionAttributeValues"] = condition_values
    try:
        transact_write([{"Delete": delete}])
    except ConditionFailedError as error:
        raise _not_found_or_mismatch(error.items[0]) from error


def _table() -> str:
    return os.environ["PRODUCTS_TABLE"]


def _exists_in(revisions: list[Revision] | None) -> tuple[str, dict[str, Any]]:
    """Return the condition that an item exists in one of `revisions`, and its values."""
    if revisions is None:
        return "attribute_exists(product_id)", {}
    conditions: list[str] = []
    values: dict[str, Any] = {}
    for number, (version, created_at) in enumerate(revisions or [_NO_REVISION]):
        conditions.append(f"version = :version{number} AND created_at = :created_at{number}")
        values |= {f":version{number}": {"N": str(version)}, f":created_at{number}": {"S": created_at}}
    return f"attribute_exists(product_id) AND ({' OR '.join(conditions)})", values


def _not_found_or_mismatch(existing: dict[str, Any] | None) -> ProductNotFoundError | VersionMismatchError:
    if existing is None:
        return ProductNotFoundError()
    return VersionMismatchError(f"The product is now at version {existing['version']['N']}. Read it again.")
