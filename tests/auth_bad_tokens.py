"""Tokens that must be rejected, made from a good one without its issuer's key.

FORGED are good enough to be sent as a header; UNSENDABLE are for calling the authorizer itself. Both give the
reason that the authorizer logs: `unknown_key` and `not_yet_valid` it answers
with 401, every other with a Deny, which is a 403.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from dev.application.auth.tokens import jwk, new_key

type Spoil = Callable[[str], str]

KEY = new_key()
"""Our own, which no issuer published."""


def encoded(part: Any) -> str:
    """Return bytes, or anything else as JSON, as a part of a token."""
    content = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def decoded(part: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=="))
    return content


def rs256(header: Any, payload: Any, key: rsa.RSAPrivateKey = KEY) -> str:
    """Return a token of any header and payload at all: libraries do not make most of these."""
    content = f"{encoded(header)}.{encoded(payload)}"
    return f"{content}.{encoded(key.sign(content.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def hs256(token: str, secret: bytes) -> str:
    """Return a token with the claims and key id of a good one, signed with a secret."""
    header, payload, _ = token.split(".")
    content = f"{encoded(decoded(header) | {'alg': 'HS256'})}.{payload}"
    return f"{content}.{encoded(hmac.digest(secret, content.encode(), hashlib.sha256))}"


def es256(token: str) -> str:
    header, payload, _ = token.split(".")
    content = f"{encoded(decoded(header) | {'alg': 'ES256'})}.{payload}"
    signature = ec.generate_private_key(ec.SECP256R1()).sign(content.encode(), ec.ECDSA(hashes.SHA256()))
    return f"{content}.{encoded(signature)}"


def forged(**header: Any) -> Spoil:
    """Sign the good token's claims with our key, and say so in the header."""
    return lambda token: rs256(decoded(token.split(".")[0]) | header, decoded(token.split(".")[1]))


def with_header(**changes: Any) -> Spoil:
    """Change the header, and keep the signature that no longer fits."""

    def spoil(token: str) -> str:
        header, payload, signature = token.split(".")
        return f"{encoded(decoded(header) | changes)}.{payload}.{signature}"

    return spoil


def without_header(name: str) -> Spoil:
    def spoil(token: str) -> str:
        header, payload, signature = token.split(".")
        kept = {key: value for key, value in decoded(header).items() if key != name}
        return f"{encoded(kept)}.{payload}.{signature}"

    return spoil


def with_claims(**changes: Any) -> Spoil:
    def spoil(token: str) -> str:
        header, payload, signature = token.split(".")
        return f"{header}.{encoded(decoded(payload) | changes)}.{signature}"

    return spoil


def with_part(index: int, part: str) -> Spoil:
    """Replace one of the three parts."""

    def spoil(token: str) -> str:
        parts = token.split(".")
        parts[index] = part
        return ".".join(parts)

    return spoil


def unsigned(algorithm: Any) -> Spoil:
    return lambda token: with_part(2, "")(with_header(alg=algorithm)(token))


def twice(first: str, second: str) -> Spoil:
    """Name two algorithms in one header."""

    def spoil(token: str) -> str:
        key_id = json.dumps(decoded(token.partition(".")[0])["kid"])
        return with_part(0, encoded(f'{{"alg": "{first}", "kid": {key_id}, "alg": "{second}"}}'.encode()))(token)

    return spoil


OUR_JWK = jwk(KEY.public_key(), "ours")

FORGED: dict[str, tuple[Spoil, str]] = {
    "garbage": (lambda _: "garbage", "malformed"),
    "three garbage parts": (lambda _: "a.b.c", "malformed"),
    "nothing but dots": (lambda _: "..", "malformed"),
    "another scheme": (lambda token: f"Basic {token}", "malformed"),
    "scheme twice": (lambda token: f"Bearer Bearer {token}", "malformed"),
    "scheme without token": (lambda _: "Bearer", "malformed"),
    "list of tokens": (lambda token: f"{token}, {token}", "malformed"),
    "truncated": (lambda token: token[:-22], "signature"),
    "signature stripped": (with_part(2, ""), "signature"),
    "signature of zeros": (with_part(2, encoded(bytes(256))), "signature"),
    "signature longer": (lambda token: f"{token}-AAAA", "signature"),
    "two parts": (lambda token: token.rpartition(".")[0], "malformed"),
    "four parts": (lambda token: f"{token}.more", "malformed"),
    "five parts": (lambda token: f"{token}.more.still", "malformed"),
    "standard base64": (with_part(2, "+/+/"), "malformed"),
    "header garbage": (with_part(0, encoded(b"garbage")), "malformed"),
    "header not UTF-8": (with_part(0, encoded(b'{"alg": "\xff"}')), "malformed"),
    "header an array": (with_part(0, encoded(["RS256"])), "malformed"),
    "header null": (with_part(0, encoded(None)), "malformed"),
    "header nested deeply": (with_part(0, encoded(b"[" * 5000)), "malformed"),
    "header with a huge number": (with_part(0, encoded(b'{"alg": ' + b"9" * 5000 + b"}")), "malformed"),
    "header changed": (with_header(typ="other"), "signature"),
    "payload not JSON": (with_part(1, encoded(b"garbage")), "signature"),
    "claims changed": (with_claims(sub="somebody-else"), "signature"),
    "group added": (with_claims(**{"cognito:groups": ["writers"], "x": 1}), "signature"),
    "algorithm none": (unsigned("none"), "algorithm"),
    "algorithm None": (unsigned("None"), "algorithm"),
    "algorithm NONE": (unsigned("NONE"), "algorithm"),
    "algorithm nOnE": (unsigned("nOnE"), "algorithm"),
    "algorithm none, signature kept": (with_header(alg="none"), "algorithm"),
    "algorithm empty": (with_header(alg=""), "algorithm"),
    "algorithm null": (with_header(alg=None), "algorithm"),
    "algorithm missing": (without_header("alg"), "algorithm"),
    "algorithm a list": (with_header(alg=["RS256"]), "algorithm"),
    "algorithm in small letters": (with_header(alg="rs256"), "algorithm"),
    "algorithm RS512": (with_header(alg="RS512"), "algorithm"),
    "algorithm PS256": (with_header(alg="PS256"), "algorithm"),
    "algorithm ES256": (es256, "algorithm"),
    "algorithm HS256": (lambda token: hs256(token, b"secret"), "algorithm"),
    "algorithm HS256 without a secret": (lambda token: hs256(token, b""), "algorithm"),
    "two algorithms, the last none": (twice("RS256", "none"), "algorithm"),
    "two algorithms, the first none": (twice("none", "RS256"), "signature"),
    "key id missing": (without_header("kid"), "malformed"),
    "key id null": (forged(kid=None), "malformed"),
    "key id a number": (forged(kid=1), "malformed"),
    "key id a list": (forged(kid=["a"]), "malformed"),
    "key id empty": (forged(kid=""), "unknown_key"),
    "key id unknown": (forged(kid="unknown"), "unknown_key"),
    "key id a path": (forged(kid="../../../dev/null"), "unknown_key"),
    "signed with another key": (forged(), "signature"),
    "another key embedded": (forged(jwk=OUR_JWK), "signature"),
    "another key embedded under its own id": (forged(jwk=OUR_JWK, kid="ours"), "unknown_key"),
    "another key set named": (forged(jku="https://example.com/jwks.json"), "signature"),
    "another certificate named": (forged(x5u="https://example.com/certificate.pem"), "signature"),
    "another certificate embedded": (forged(x5c=["MIIB"]), "signature"),
    "unknown critical header": (forged(crit=["exp"], exp=1), "malformed"),
    "no critical header": (forged(crit=[]), "malformed"),
    "payload detached": (forged(crit=["b64"], b64=False), "malformed"),
}

UNSENDABLE: dict[str, tuple[Spoil, str]] = {
    "empty": (lambda _: "", "malformed"),
    "NUL": (lambda token: f"{token}\0", "malformed"),
    "line break": (lambda token: f"{token}\n", "malformed"),
    "line break before": (lambda token: f"\n{token}", "malformed"),
    "not ASCII": (lambda token: f"{token}\N{SNOWMAN}", "malformed"),
    "half a character": (lambda token: f"{token}\ud800", "malformed"),
    "100 KB": (lambda token: token + "A" * 100_000, "malformed"),
}
