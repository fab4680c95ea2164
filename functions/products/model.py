"""What a product is: fields, schemas, exact money, and its DynamoDB item. Pure; no AWS."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from shared.errors import (
    ConflictError,
    InvalidBodyError,
    InvalidParameterError,
    NotFoundError,
    PreconditionFailedError,
)

ID_PATTERN = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
PRODUCT_ID = re.compile(ID_PATTERN.removesuffix("$"))

_PRODUCT_TYPE = {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,31}$"}
# 15 digits: the most that JSON numbers carry exactly through clients that read them as binary floats.
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


class VersionMismatchError(PreconditionFailedError):
    code = "VersionMismatch"


@dataclass(frozen=True, slots=True)
class ProductKey:
    """Primary key of a product. Raises InvalidParameterError for an id that no product can have."""

    customer_id: str
    product_id: str

    def __post_init__(self) -> None:
        for name, value in (("customer_id", self.customer_id), ("product_id", self.product_id)):
            check_id(name, value)

    def to_item(self) -> dict[str, Any]:
        """Return the key as DynamoDB attribute values."""
        return {"customer_id": {"S": self.customer_id}, "product_id": {"S": self.product_id}}


@dataclass(frozen=True, slots=True)
class Product:
    """A product. `balance` has two decimals at most; times are RFC 3339 UTC; `version` counts from 1."""

    customer_id: str
    product_id: str
    product_type: str
    balance: Decimal
    version: int
    created_at: str
    updated_at: str

    @classmethod
    def new(cls, customer_id: str, body: dict[str, Any], now: str) -> "Product":
        """Return the first version of what a NEW_PRODUCT body describes."""
        check_id("customer_id", customer_id)
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
        """Return the product as the API answers it."""
        return {name: getattr(self, name) for name in self.__slots__}


def check_id(name: str, value: str) -> None:
    """Raises InvalidParameterError unless `value` could be a customer's or product's id."""
    if not PRODUCT_ID.fullmatch(value):
        raise InvalidParameterError(
            f"{name} takes 1 to 64 letters, digits, dots, dashes and underscores, a letter or digit first."
        )


def money(amount: Decimal | int) -> Decimal:
    """Return an amount to the cent. Raises InvalidBodyError for more than two decimals."""
    cents = Decimal(amount).quantize(Decimal("0.01"))
    if cents != amount:
        raise InvalidBodyError("balance must have two decimals at most")
    return cents + 0  # minus zero becomes zero
