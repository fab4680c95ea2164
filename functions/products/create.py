"""POST /customers/{customer_id}/products: create a product, never overwrite one."""

import hashlib
import uuid

from products import model, store
from shared.api import Request, Response, api_handler
from shared.body import json_body
from shared.caller import caller_id, require_customer
from shared.clock import now
from shared.entity_tag import entity_tag
from shared.idempotency import once
from shared.idempotency_key import idempotency_key

parse_body = json_body(model.NEW_PRODUCT)


@api_handler
def handler(request: Request) -> Response:
    """Answer 201 with the product, its Location and ETag; a repeated Idempotency-Key gives the same product."""
    customer_id = request.path["customer_id"]
    require_customer(request.claims, customer_id)
    product = model.Product.new(customer_id, parse_body(request), now())

    created = _create(product, request)

    location = f"{request.url_path.rstrip('/')}/{created.product_id}"
    return Response(201, created.to_json(), {"Location": location, "ETag": entity_tag(created.version)})


def _create(product: model.Product, request: Request) -> model.Product:
    key = idempotency_key(request)
    if key is None:
        return store.create_product(product, create_id=uuid.uuid4().hex)
    scope = ["CreateProduct", caller_id(request.claims), product.customer_id]
    payload = [product.product_id, product.product_type, str(product.balance)]
    create_id = hashlib.sha256("\n".join([*scope, key, *payload]).encode()).hexdigest()
    item = once(
        lambda: store.create_product(product, create_id).to_item(),
        scope=scope,
        key=key,
        payload=payload,
    )
    return model.Product.from_item(item)
