"""PATCH /customers/{customer_id}/products/{product_id}: change balance, type or both."""

from products import model, store
from shared.api import Request, Response, api_handler
from shared.body import json_body
from shared.caller import require_customer
from shared.clock import now
from shared.entity_tag import entity_tag, revisions_matching
from shared.errors import PreconditionRequiredError

parse_body = json_body(model.PRODUCT_CHANGES)


@api_handler
def handler(request: Request) -> Response:
    """Return 200 with the changed product; with If-Match, only if it has that ETag. A new balance requires it."""
    require_customer(request.claims, request.path_parameters["customer_id"])
    key = model.ProductKey.from_path(request.path_parameters)
    changes = parse_body(request)
    balance = model.money(changes["balance"]) if "balance" in changes else None
    if_match = request.headers.get("if-match")
    if balance is not None and if_match is None:
        raise PreconditionRequiredError("Send If-Match with the ETag of the product whose balance you change.")

    product = store.update_product(
        key,
        product_type=changes.get("product_type"),
        balance=balance,
        revisions=revisions_matching(if_match),
        now=now(),
    )

    return Response(200, product.to_json(), {"ETag": entity_tag(product.version, product.created_at)})
