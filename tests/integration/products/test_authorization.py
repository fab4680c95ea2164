"""Who may reach the products of a customer."""

from collections.abc import Callable

import httpx

from dev.replay.table_state import Items
from tests.integration.problems import assert_problem, status_and_code

PATH = "customers/CUST-1001/products"
NEW = {"product_id": "A-01", "product_type": "savings"}
PRODUCT_ROUTES = [
    ("POST", PATH),
    ("GET", PATH),
    ("GET", f"{PATH}/SAV-01"),
    ("PATCH", f"{PATH}/SAV-01"),
    ("DELETE", f"{PATH}/SAV-01"),
]


def test_another_customer_is_forbidden(bob: httpx.Client, all_items: Callable[[], Items]) -> None:
    before = all_items()

    answers = [bob.request(method, path, json=NEW) for method, path in PRODUCT_ROUTES]

    assert [status_and_code(answer) for answer in answers] == [(403, "Forbidden")] * len(PRODUCT_ROUTES)
    for answer in answers:
        assert_problem(answer)
    assert all_items() == before


def test_staff_reach_every_customer(staff: httpx.Client) -> None:
    assert [staff.get(f"customers/CUST-{number}/products").status_code for number in range(1001, 1005)] == [200] * 4
