"""GET /customers/{customer_id}/products/{product_id}: one product."""

from products import model, store
from shared.api import Request, Response, api_handler
from shared.caller import require_customer
from shared.entity_tag import entity_tag


@api_handler
def handler(request: Request) -> Response:
    """Return 200 with the product; its ETag is made of its version and creation time."""
    require_customer(request.claims, request.path_parameters["customer_id"])
    key = model.ProductKey.from_path(request.path_parameters)

    product = store.get_product(key)

    return Response(200, product.to_json(), {"ETag": entity_tag(product.version, product.created_at)})
