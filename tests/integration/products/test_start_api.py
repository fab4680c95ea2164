"""A route with a Cognito authorizer through `sam local start-api`."""

import base64
import json

import httpx

PRODUCT = "/customers/CUST-1001/products/SAV-01"


def test_customer_gets_their_product(start_api: httpx.Client, tokens: dict[str, str]) -> None:
    answer = start_api.get(PRODUCT, headers={"Authorization": tokens["alice"]})

    assert (answer.status_code, answer.json()["product_id"]) == (200, "SAV-01")


def test_caller_without_a_valid_token_is_rejected(start_api: httpx.Client, tokens: dict[str, str]) -> None:
    header, claims, signature = tokens["alice"].split(".")
    forged = base64.urlsafe_b64encode(json.dumps({"alg": "none"}).encode()).decode().rstrip("=")

    statuses = [
        start_api.get(PRODUCT, headers={"Authorization": token} if token else {}).status_code
        for token in ("", "no-token", f"{forged}.{claims}.", f"{header}.{claims}.{signature[:-8]}AAAAAAAA")
    ]

    assert statuses == [401, 401, 403, 403]
