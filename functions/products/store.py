"""Access patterns of the products table, one function each. Writes are conditional: nothing is overwritten unseen.

The SDK repeats a write whose answer was lost, and a client repeats a request whose function died; the write's
own condition then fails. So a product keeps `create_id`, of the request that made it, and `write_id`, of its
last change: where the id is our own, the write had already succeeded. Only a repeat that comes after somebody
else's change is not recognised, and is refused or applied like any other.
"""

import os
from decimal import Decimal
from typing import Any

from products.model import Product, ProductExistsError, ProductKey, ProductNotFoundError, VersionMismatchError
from shared.aws import ClientError, dynamodb_client, error_code

_dynamodb = dynamodb_client()


def create_product(product: Product, create_id: str) -> Product:
    """Put a new product. Raises ProductExistsError if its key is taken by another request's product."""
    try:
        _dynamodb.put_item(
            TableName=_table(),
            Item=product.to_item() | {"create_id": {"S": create_id}},
            ConditionExpression="attribute_not_exists(product_id)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    except ClientError as error:
        existing = _item_that_failed_the_condition(error)
        if existing is None or existing.get("create_id") != {"S": create_id}:
            raise ProductExistsError("The customer already has a product with this product_id.") from error
        return Product.from_item(existing)
    return product


def get_product(key: ProductKey) -> Product:
    """Get one product, as of its last write. Raises ProductNotFoundError."""
    answer = _dynamodb.get_item(TableName=_table(), Key=key.to_item(), ConsistentRead=True)
    if "Item" not in answer:
        raise _not_found()
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
    versions: list[int] | None,
    now: str,
    write_id: str,
) -> Product:
    """Change a product and count its version up; None leaves a field as it is.

    Raises ProductNotFoundError, and VersionMismatchError unless its version is one of `versions` (None: any).
    """
    assignments = ["version = version + :one", "updated_at = :now", "write_id = :write_id"]
    values: dict[str, Any] = {":one": {"N": "1"}, ":now": {"S": now}, ":write_id": {"S": write_id}}
    if product_type is not None:
        assignments.append("product_type = :product_type")
        values[":product_type"] = {"S": product_type}
    if balance is not None:
        assignments.append("balance = :balance")
        values[":balance"] = {"N": str(balance)}
    condition, condition_values = _exists_in(versions)
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
        existing = _item_that_failed_the_condition(error)
        if existing is None:
            raise _not_found() from error
        if existing.get("write_id") != {"S": write_id}:
            raise _mismatch(existing) from error
        return Product.from_item(existing)
    return Product.from_item(answer["Attributes"])


def delete_product(key: ProductKey, *, versions: list[int] | None) -> None:
    """Delete a product. Raises ProductNotFoundError, and VersionMismatchError as `update_product`.

    Nothing found by the SDK's own repeat is taken for the first attempt's success.
    """
    condition, condition_values = _exists_in(versions)
    conditional: dict[str, Any] = {"ExpressionAttributeValues": condition_values} if condition_values else {}
    try:
        _dynamodb.delete_item(
            TableName=_table(),
            Key=key.to_item(),
            ConditionExpression=condition,
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
            **conditional,
        )
    except ClientError as error:
        existing = _item_that_failed_the_condition(error)
        if existing is not None:
            raise _mismatch(existing) from error
        if not error.response["ResponseMetadata"].get("RetryAttempts"):
            raise _not_found() from error


def _table() -> str:
    return os.environ["PRODUCTS_TABLE"]


def _exists_in(versions: list[int] | None) -> tuple[str, dict[str, Any]]:
    """Return the condition that an item exists in one of `versions`, and its values."""
    if versions is None:
        return "attribute_exists(product_id)", {}
    values = {f":version{number}": {"N": str(version)} for number, version in enumerate(versions or [0])}
    return f"attribute_exists(product_id) AND version IN ({', '.join(values)})", values


def _item_that_failed_the_condition(error: ClientError) -> dict[str, Any] | None:
    """Return the item that did not meet a write's condition, None if there is none. Re-raises other errors."""
    if error_code(error) != "ConditionalCheckFailedException":
        raise error
    item: dict[str, Any] | None = error.response.get("Item")  # type: ignore[assignment]
    return item


def _not_found() -> ProductNotFoundError:
    return ProductNotFoundError("The customer has no product with this product_id.")


def _mismatch(existing: dict[str, Any]) -> VersionMismatchError:
    return VersionMismatchError(f"The product is now at version {existing['version']['N']}. Read it again.")
