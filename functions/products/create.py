"""POST /customers/{customer_id}/products: create a product, never overwrite one."""

from dataclasses import asdict

from products import model, store
from shared.api import Request, Response, api_handler
from shared.body import json_body
from shared.caller import caller_id, require_customer
from shared.clock import now
from shared.entity_tag import entity_tag
from shared.idempotency import IdempotencyRecord

parse_body = json_body(model.NEW_PRODUCT)


@api_handler
def handler(request: Request) -> Response:
    """Return 201 with the product, its Location and ETag; a repeated Idempotency-Key returns the same product."""
    require_customer(request.claims, request.path_parameters["customer_id"])
    customer_id = model.check_id(request.path_parameters["customer_id"])
    product = model.Product.new(customer_id, parse_body(request), now())
    record = IdempotencyRecord.of(
        request,
        scope=["CreateProduct", caller_id(request.claims), customer_id],
        values=asdict(product),
        generated=["created_at", "updated_at"],
        now=product.created_at,
    )

    created = store.create_product(product, record)

    location = f"{request.path.rstrip('/')}/{created.product_id}"
    return Response(
        201, created.to_json(), {"Location": location, "ETag": entity_tag(created.version, created.created_at)}
    )
