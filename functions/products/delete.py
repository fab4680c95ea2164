"""DELETE /customers/{customer_id}/products/{product_id}: delete a product."""

from products import model, store
from shared.api import Request, Response, api_handler
from shared.caller import require_customer
from shared.entity_tag import versions_matching


@api_handler
def handler(request: Request) -> Response:
    """Return 204; with If-Match, only if the product has that version."""
    require_customer(request.claims, request.path["customer_id"])
    key = model.ProductKey.from_path(request.path)

    store.delete_product(key, versions=versions_matching(request.headers.get("if-match")))

    return Response(204)
