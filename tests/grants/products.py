"""What the functions of products may do, see tests/grants/__init__.py."""

from tests.grants.consumer import consumes

GRANTS: dict[str, dict[str, set[str]]] = {
    "CreateProductFunction": {
        "ProductsTable": {"PutItem"},
        "IdempotencyTable": {"PutItem"},
    },
    "ListProductsFunction": {"ProductsTable": {"Query"}},
    "GetProductFunction": {"ProductsTable": {"GetItem"}},
    "UpdateProductFunction": {"ProductsTable": {"UpdateItem"}},
    "DeleteProductFunction": {"ProductsTable": {"DeleteItem"}},
    "OnProductChangeFunction": consumes("ProductsTable"),
}
