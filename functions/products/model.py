"""Products: fields, schemas, exact amounts, and their DynamoDB items. Pure; no AWS."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from shared.errors import ConflictError, InvalidBodyError, NotFoundError, PreconditionFailedError

ID_PATTERN = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
PRODUCT_ID = re.compile(ID_PATTERN.removesuffix("$"))

_PRODUCT_TYPE = {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,31}$"}
# Clients that read JSON numbers as binary floats keep at most 15 digits.
_BALANCE = {"type": "number", "minimum": -9999999999999.99, "maximum": 9999999999999.99}

NEW_PRODUCT = {
    "type": "object",
    "additionalProperties": False,
    "required": ["product_id", "product_type"],
    "properties": {
        "product_id": {"type": "string", "pattern": ID_PATTERN},
        "product_type": _PRODUCT_TYPE,
        "balance": _BALANCE,
    },
}
PRODUCT_CHANGES = {
    "type": "object",
    "additionalProperties": False,
    "minProperties": 1,
    "properties": {"product_type": _PRODUCT_TYPE, "balance": _BALANCE},
}


class ProductExistsError(ConflictError):
    code = "ProductExists"


class ProductNotFoundError(NotFoundError):
    code = "ProductNotFound"

    def __init__(self) -> None:
        super().__init__("There is no such customer or product.")


class VersionMismatchError(PreconditionFailedError):
    code = "VersionMismatch"


@dataclass(frozen=True, slots=True)
class ProductKey:
    """Primary key of a product."""

    customer_id: str
    product_id: str

    @classmethod
    def from_path(cls, path: Mapping[str, str]) -> "ProductKey":
        """Return the key in a request's path. Raises ProductNotFoundError for malformed ids."""
        return cls(check_id(path["customer_id"]), check_id(path["product_id"]))

    def to_item(self) -> dict[str, Any]:
        """Return the key as DynamoDB attribute values."""
        return {"customer_id": {"S": self.customer_id}, "product_id": {"S": self.product_id}}


@dataclass(frozen=True, slots=True)
class Product:
    """A product. `balance` has at most two decimals; times are RFC 3339 UTC; `version` counts from 1."""

    customer_id: str
    product_id: str
    product_type: str
    balance: Decimal
    version: int
    created_at: str
    updated_at: str

    @classmethod
    def new(cls, customer_id: str, body: dict[str, Any], now: str) -> "Product":
        """Return the first version of the product in a NEW_PRODUCT body."""
        return cls(
            customer_id=customer_id,
            product_id=body["product_id"],
            product_type=body["product_type"],
            balance=money(body.get("balance", 0)),
            version=1,
            created_at=now,
            updated_at=now,
        )

    @classmethod
    def from_item(cls, item: dict[str, Any]) -> "Product":
        """Return the product in DynamoDB attribute values."""
        return cls(
            customer_id=item["customer_id"]["S"],
            product_id=item["product_id"]["S"],
            product_type=item["product_type"]["S"],
            balance=Decimal(item["balance"]["N"]),
            version=int(item["version"]["N"]),
            created_at=item["created_at"]["S"],
            updated_at=item["updated_at"]["S"],
        )

    def to_item(self) -> dict[str, Any]:
        """Return the product as DynamoDB attribute values."""
        return {
            "customer_id": {"S": self.customer_id},
            "product_id": {"S": self.product_id},
            "product_type": {"S": self.product_type},
            "balance": {"N": str(self.balance)},
            "version": {"N": str(self.version)},
            "created_at": {"S": self.created_at},
            "updated_at": {"S": self.updated_at},
        }

    def to_json(self) -> dict[str, Any]:
        """Return the product as the API returns it."""
        return asdict(self)


def check_id(path_id: str) -> str:
    """Return a customer's or product's id in a path. Raises ProductNotFoundError for a malformed id."""
    if not PRODUCT_ID.fullmatch(path_id):
        raise ProductNotFoundError
    return path_id


def money(amount: Decimal | int) -> Decimal:
    """Return an amount with two decimals. Raises InvalidBodyError if it has more."""
    cents = Decimal(amount).quantize(Decimal("0.01"))
    if cents != amount:
        raise InvalidBodyError("balance must have at most two decimals.")
    return cents + 0  # minus zero becomes zero
