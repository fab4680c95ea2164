"""Access patterns of the products table."""

from decimal import Decimal

from dev.application.access_patterns.idempotency import RECORD
from dev.application.access_patterns.pattern import Pattern, source
from products import store
from products.model import Product, ProductKey

NOW = "2026-01-02T00:00:00.000Z"
KEY = ProductKey("CUST-1001", "SAV-01")
NEW = Product("CUST-1001", "DEV-TABLES", "savings", Decimal(10), 1, NOW, NOW)


def _update() -> Product:
    return store.update_product(KEY, product_type=None, balance=Decimal("1600.50"), revisions=None, now=NOW)


TABLE = "ProductsTable"
PATTERNS = (
    Pattern("create-product", source(store.create_product), lambda: store.create_product(NEW, None)),
    Pattern("create-product-once", source(store.create_product), lambda: store.create_product(NEW, RECORD)),
    Pattern("get-product", source(store.get_product), lambda: store.get_product(KEY)),
    Pattern("list-products", source(store.list_products), lambda: store.list_products("CUST-1001", 25, None)),
    Pattern(
        "list-products-next-page", source(store.list_products), lambda: store.list_products("CUST-1001", 25, "SAV-00")
    ),
    Pattern("update-product", source(store.update_product), _update),
    Pattern("delete-product", source(store.delete_product), lambda: store.delete_product(KEY, revisions=None)),
)
