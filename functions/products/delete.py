"""DELETE /customers/{customer_id}/products/{product_id}: delete a product."""

from products import model, store
from shared.api import Request, Response, api_handler
from shared.caller import require_customer
from shared.entity_tag import revisions_matching


@api_handler
def handler(request: Request) -> Response:
    """Return 204; with If-Match, only if the product has that ETag."""
    require_customer(request.claims, request.path_parameters["customer_id"])
    key = model.ProductKey.from_path(request.path_parameters)

    store.delete_product(key, revisions=revisions_matching(request.headers.get("if-match")))

    return Response(204)
