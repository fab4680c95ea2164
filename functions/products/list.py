"""GET /customers/{customer_id}/products: a customer's products, a page at a time."""

import re

from products import model, store
from shared.api import Request, Response, api_handler
from shared.caller import require_customer
from shared.paging import page_response, requested_page

# Also what POST does not accept as an id, because items can be imported. It has at most 1,020 of the 1,024 bytes that
# DynamoDB accepts.
_SORT_KEY = re.compile(r"[^\ud800-\udfff]{1,255}")


@api_handler
def handler(request: Request) -> Response:
    """Return 200 with the page after `cursor`, in order of product_id."""
    require_customer(request.claims, request.path_parameters["customer_id"])
    customer_id = model.check_id(request.path_parameters["customer_id"])
    limit, after = requested_page(request.query, _SORT_KEY)

    products, last = store.list_products(customer_id, limit, after)

    return page_response([product.to_json() for product in products], last)
