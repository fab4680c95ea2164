"""Demo products of four customers."""

from typing import Any

_NEW_YEAR = "2026-01-01T00:00:00.000Z"


def _product(customer_id: str, product_id: str, product_type: str, balance: int) -> dict[str, Any]:
    values = {"product_type": product_type, "balance": balance, "version": 1}
    times = {"created_at": _NEW_YEAR, "updated_at": _NEW_YEAR}
    return {"customer_id": customer_id, "product_id": product_id, **values, **times}


ITEMS = {
    "ProductsTable": [
        _product("CUST-1001", "SAV-01", "savings", 1500),
        _product("CUST-1002", "SAV-02", "savings", 1300),
        _product("CUST-1003", "SAV-01", "savings", 1500),
        _product("CUST-1004", "SAV-02", "credit_card", 1000),
    ]
}
AT_START = ["ProductsTable"]
"""Demo data of other tables would appear in the lists of the walk-through."""
