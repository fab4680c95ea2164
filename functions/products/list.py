"""GET /customers/{customer_id}/products: a customer's products, a page at a time."""

from products import model, store
from shared.api import Request, Response, api_handler
from shared.caller import require_customer
from shared.paging import page_response, requested_page


@api_handler
def handler(request: Request) -> Response:
    """Return 200 with the page after `cursor`, in order of product_id."""
    require_customer(request.claims, request.path_parameters["customer_id"])
    customer_id = model.check_id(request.path_parameters["customer_id"])
    limit, after = requested_page(request.query, model.PRODUCT_ID)

    products, last = store.list_products(customer_id, limit, after)

    return page_response([product.to_json() for product in products], last)
