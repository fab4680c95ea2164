"""Products over HTTP: what only a deployed stack can show."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx

from dev.application.stack import Stack
from dev.local_aws import logs
from dev.replay.table_state import Items
from tests.integration.problems import assert_problem
from tests.waiting import wait_until

PATH = "customers/CUST-1001/products"


def test_crud(alice: httpx.Client, product_id: str) -> None:
    one = f"{PATH}/{product_id}"

    created = alice.post(PATH, json={"product_id": product_id, "product_type": "savings", "balance": 1500.25})
    first = created.headers["ETag"]
    assert (created.status_code, first) == (201, f'"1-{created.json()["created_at"]}"')
    assert created.headers["Location"] == f"/v1/{one}"
    read = alice.get(one)
    assert (read.status_code, read.json(), read.headers["ETag"]) == (200, created.json(), first)
    changed = alice.patch(one, json={"balance": 3000}, headers={"If-Match": first})
    assert (changed.status_code, changed.json()["balance"], changed.json()["version"]) == (200, 3000, 2)
    assert alice.patch(one, json={"balance": 1}, headers={"If-Match": first}).status_code == 412
    assert alice.delete(one, headers={"If-Match": first}).status_code == 412
    assert alice.delete(one, headers={"If-Match": changed.headers["ETag"]}).status_code == 204
    assert alice.get(one).status_code == 404


def test_eight_writers_of_one_product_lose_nothing(alice: httpx.Client, product_id: str) -> None:
    """Each adds 1 to the balance twice, reading again whenever another was faster."""
    one = f"{PATH}/{product_id}"
    alice.post(PATH, json={"product_id": product_id, "product_type": "savings", "balance": 0})

    def add_one(_: int) -> int:
        while True:
            read = alice.get(one)
            answer = alice.patch(
                one, json={"balance": read.json()["balance"] + 1}, headers={"If-Match": read.headers["ETag"]}
            )
            if answer.status_code == 200:
                return int(answer.json()["version"])
            assert (answer.status_code, answer.json()["code"]) == (412, "VersionMismatch")

    with ThreadPoolExecutor(8) as threads:
        versions = list(threads.map(add_one, range(16)))

    assert sorted(versions) == list(range(2, 18))
    assert alice.get(one).json()["balance"] == 16


def test_one_key_sent_five_times_at_once_is_one_item_and_one_result(alice: httpx.Client, product_id: str) -> None:
    def post(_: int) -> httpx.Response:
        while True:
            answer = alice.post(
                PATH,
                json={"product_id": product_id, "product_type": "savings", "balance": 7},
                headers={"Idempotency-Key": product_id},
            )
            if answer.status_code != 409:
                return answer
            assert (answer.json()["code"], answer.headers["Retry-After"]) == ("RequestInProgress", "1")

    with ThreadPoolExecutor(5) as threads:
        answers = list(threads.map(post, range(5)))

    assert [answer.status_code for answer in answers] == [201] * 5
    assert len({answer.text for answer in answers}) == 1
    assert alice.get(f"{PATH}/{product_id}").json()["version"] == 1


def test_changes_are_logged_by_the_stream_consumer(stack: Stack, alice: httpx.Client, product_id: str) -> None:
    one = f"{PATH}/{product_id}"
    alice.post(PATH, json={"product_id": product_id, "product_type": "savings"})
    alice.patch(one, json={"product_type": "credit_card"})
    alice.delete(one)

    def logged() -> list[tuple[str, list[str]]]:
        return [
            (entry.fields["change"], entry.fields["changed_attributes"])
            for entry in logs.read(stack, ["OnProductChangeFunction"])
            if entry.fields.get("product_id") == product_id
        ]

    wait_until(lambda: len(logged()) >= 3)
    everything = ["balance", "created_at", "customer_id", "product_id", "product_type", "updated_at", "version"]
    assert logged() == [
        ("INSERT", everything),
        ("MODIFY", ["product_type", "updated_at", "version"]),
        ("REMOVE", everything),
    ]


BAD_BODIES = {
    "no body": (400, ""),
    "not a number": (400, '{"product_id": "A", "product_type": "savings", "balance": NaN}'),
    "half a surrogate": (400, '{"product_id": "\\ud800", "product_type": "savings"}'),
    "deep": (400, "[" * 20000),
    "400 KB": (413, json.dumps({"product_id": "A", "product_type": "savings", "padding": "x" * 400_000})),
}
"""Status and body; tests/unit/shared/test_body.py has the rest."""


def test_bad_body_is_rejected_and_changes_nothing(alice: httpx.Client, all_items: Callable[[], Items]) -> None:
    before = all_items()

    for status, body in BAD_BODIES.values():
        answer = alice.post(PATH, content=body, headers={"Content-Type": "application/json"})

        assert answer.status_code == status
        assert_problem(answer)

    assert all_items() == before


def test_bad_cursor_is_rejected(alice: httpx.Client) -> None:
    for cursor in ("%%%", "x" * 5000, "😀"):
        answer = alice.get(PATH, params={"cursor": cursor})

        assert (answer.status_code, answer.json()["code"]) == (400, "InvalidCursor")
        assert_problem(answer)


def test_bad_id_is_rejected(alice: httpx.Client) -> None:
    for product_id in ("a%20b", "%00", "%22", "..%2f..", "%F0%9F%98%80", "x" * 65):
        answer = alice.get(f"{PATH}/{product_id}")

        assert 400 <= answer.status_code < 500
        assert_problem(answer)
