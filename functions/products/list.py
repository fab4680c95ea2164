"""GET /customers/{customer_id}/products: a customer's products, a page at a time."""

from products import model, store
from shared.api import Request, Response, api_handler
from shared.caller import require_customer
from shared.paging import decode_cursor, encode_cursor, page_limit


@api_handler
def handler(request: Request) -> Response:
    """Answer 200 with the page after `cursor`, in order of product_id."""
    customer_id = request.path["customer_id"]
    require_customer(request.claims, customer_id)
    model.check_id("customer_id", customer_id)
    cursor = request.query.get("cursor")
    after = None if cursor is None else model.product_id_in_cursor(decode_cursor(cursor))

    products, last = store.list_products(customer_id, page_limit(request.query), after)

    next_cursor = None if last is None else encode_cursor(last)
    return Response(200, {"items": [product.to_json() for product in products], "next_cursor": next_cursor})
