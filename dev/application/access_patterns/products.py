"""Access patterns of the products table."""

from decimal import Decimal

from dev.application.access_patterns.idempotency import RECORD
from dev.application.access_patterns.pattern import pattern
from products import store
from products.model import Product, ProductKey

NOW = "2026-01-02T00:00:00.000Z"
KEY = ProductKey("CUST-1001", "SAV-01")
NEW = Product("CUST-1001", "DEV-TABLES", "savings", Decimal(10), 1, NOW, NOW)
CHANGED = Decimal("1600.50")

TABLE = "ProductsTable"
PATTERNS = (
    pattern("create-product", store.create_product, NEW, None),
    pattern("create-product-once", store.create_product, NEW, RECORD),
    pattern("get-product", store.get_product, KEY),
    pattern("list-products", store.list_products, "CUST-1001", 25, None),
    pattern("list-products-next-page", store.list_products, "CUST-1001", 25, "SAV-00"),
    pattern("update-product", store.update_product, KEY, product_type=None, balance=CHANGED, revisions=None, now=NOW),
    pattern("delete-product", store.delete_product, KEY, revisions=None),
)
