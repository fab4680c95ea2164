"""Tokens that a route of a Cognito authorizer accepts through `sam local start-api`."""

import base64
import functools
import json
from collections.abc import Mapping
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

from dev.local_aws.sam_gateway.tokens import InvalidTokenError, claims_of

ISSUER = "https://cognito-idp.us-east-1.amazonaws.com/pool"
NOW = 1_800_000_000
CLAIMS = {"iss": ISSUER, "exp": NOW + 60, "token_use": "id", "sub": "alice"}
HEADER = {"alg": "RS256", "kid": "1"}


@functools.cache
def key(_number: int) -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def token(header: Mapping[str, Any] = HEADER, signer: int = 1, **changes: Any) -> str:
    signed = ".".join(encoded(json.dumps(part).encode()) for part in (header, CLAIMS | changes))
    return f"{signed}.{encoded(key(signer).sign(signed.encode(), PKCS1v15(), SHA256()))}"


def claims(authorization: str) -> dict[str, Any]:
    numbers = key(1).public_key().public_numbers()
    jwk = {"e": encoded(numbers.e.to_bytes(3)), "n": encoded(numbers.n.to_bytes(256))}
    return claims_of(authorization, ISSUER, {"1": jwk}.get, NOW)


@pytest.mark.parametrize("prefix", ["", "Bearer "])
def test_token_of_the_pool_is_valid(prefix: str) -> None:
    assert claims(prefix + token()) == CLAIMS


@pytest.mark.parametrize(
    "authorization",
    [
        token(exp=NOW),
        token(iss="https://cognito-idp.us-east-1.amazonaws.com/other"),
        token(token_use="access"),
        token(signer=2),
        token({"alg": "none", "kid": "1"}),
        token({"alg": "RS256", "kid": "2"}),
        token()[:-8],
        token().rpartition(".")[0] + ".",
        "not a token",
    ],
    ids=["expired", "issuer", "access", "signer", "algorithm", "unknown key", "cut", "unsigned", "text"],
)
def test_other_token_is_invalid(authorization: str) -> None:
    with pytest.raises(InvalidTokenError):
        claims(authorization)
