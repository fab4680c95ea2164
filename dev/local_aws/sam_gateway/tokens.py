"""Verifies ID tokens of the local user pool (RS256, RFC 7515 and RFC 8017) with the standard library alone."""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

SHA256_INFO = bytes.fromhex("3031300d060960864801650304020105000420")

type FindKey = Callable[[str], Mapping[str, str] | None]


class InvalidTokenError(Exception):
    """A token that the user pool did not sign, that has expired, or that is no ID token."""


def claims_of(authorization: str, issuer: str, find_key: FindKey, now: float) -> dict[str, Any]:
    """Return the claims of a valid ID token, with or without the prefix Bearer. Raises InvalidTokenError."""
    try:
        signed, _, signature = authorization.removeprefix("Bearer ").rpartition(".")
        header, payload = (json.loads(_decode(part)) for part in signed.split("."))
        key = find_key(header["kid"])
        authentic = header["alg"] == "RS256" and key is not None and _signed(signed.encode(), _decode(signature), key)
        valid = (payload["iss"], payload["token_use"]) == (issuer, "id") and payload["exp"] > now
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidTokenError from error
    if not authentic or not valid:
        raise InvalidTokenError
    claims: dict[str, Any] = payload
    return claims


def _signed(text: bytes, signature: bytes, key: Mapping[str, str]) -> bool:
    """Verify a PKCS #1 v1.5 signature: build the only encoding of the hash that is valid, and compare."""
    modulus, exponent = (int.from_bytes(_decode(key[name])) for name in ("n", "e"))
    size = (modulus.bit_length() + 7) // 8
    info = SHA256_INFO + hashlib.sha256(text).digest()
    expected = b"\0\1" + b"\xff" * (size - len(info) - 3) + b"\0" + info
    return len(signature) == size and pow(int.from_bytes(signature), exponent, modulus) == int.from_bytes(expected)


def _decode(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars="-_", validate=True)
