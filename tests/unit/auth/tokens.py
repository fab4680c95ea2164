"""Events of AuthorizeFunction, and tokens that its issuer signed, good and bad."""

import functools
import json
import math
import time
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from auth.authorize import handler
from dev.application.auth import tokens
from dev.application.in_process import lambda_context
from tests.auth_bad_tokens import FORGED, UNSENDABLE, Spoil, hs256, rs256

METHOD = "arn:aws:execute-api:eu-west-1:123456789012:abc123/v1/PUT/users/USER-1"
PUBLIC = tokens.key().public_key()
CAROL = tokens.token("carol")
MISSING = object()

type Answers = list[bytes | Exception]


def event(token: str, method_arn: str = METHOD) -> dict[str, Any]:
    return {"type": "TOKEN", "methodArn": method_arn, "authorizationToken": token}


def statement(token: str, method_arn: str = METHOD) -> dict[str, Any]:
    (only,) = handler(event(token, method_arn), lambda_context())["policyDocument"]["Statement"]
    assert only["Action"] == "execute-api:Invoke"
    found: dict[str, Any] = only
    return found


def signed(header: dict[str, Any] | None = None, /, **changes: Any) -> str:
    """Return carol's token as its issuer would sign it with other claims; MISSING leaves one out."""
    claims = tokens.claims("carol") | changes
    kept = {name: value for name, value in claims.items() if value is not MISSING}
    return rs256({"alg": "RS256", "kid": tokens.KID} | (header or {}), kept, tokens.key())


def in_seconds(seconds: float) -> float:
    return time.time() + seconds


SECRETS = {
    "PEM": PUBLIC.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    "PEM without its last line break": PUBLIC.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).strip(),
    "PKCS1": PUBLIC.public_bytes(Encoding.PEM, PublicFormat.PKCS1),
    "DER": PUBLIC.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
    "modulus": json.loads(tokens.jwks())["keys"][0]["n"].encode(),
    "JWK": json.dumps(json.loads(tokens.jwks())["keys"][0]).encode(),
}
CONFUSED: dict[str, tuple[Spoil, str]] = {
    f"HS256 with the public key as {name}": (lambda token, secret=secret: hs256(token, secret), "algorithm")  # type: ignore[misc]
    for name, secret in SECRETS.items()
}


def raw(payload: bytes) -> str:
    return rs256({"alg": "RS256", "kid": tokens.KID}, payload, tokens.key())


OTHER_POOL = tokens.URL.replace("InMemory", "Other")
MISISSUED: dict[str, tuple[Callable[[], str], str]] = {
    "payload not JSON": (lambda: raw(b"garbage"), "malformed"),
    "payload not UTF-8": (lambda: raw(b'{"sub": "\xff"}'), "malformed"),
    "payload an array": (lambda: raw(b"[]"), "malformed"),
    "payload text": (lambda: raw(b'"sub"'), "malformed"),
    "payload empty": (lambda: raw(b""), "malformed"),
    "payload nested deeply": (lambda: raw(b"[" * 5000), "malformed"),
    "payload with a huge number": (lambda: raw(b'{"exp": ' + b"9" * 5000 + b"}"), "malformed"),
    "no claims": (lambda: raw(b"{}"), "missing_claim"),
    "a group named twice": (
        lambda: raw(json.dumps(tokens.claims("carol")).encode()[:-1] + b', "cognito:groups": []}'),
        "group",
    ),
    "expired": (lambda: signed(exp=int(in_seconds(-60))), "expired"),
    "exp missing": (lambda: signed(exp=MISSING), "missing_claim"),
    "exp null": (lambda: signed(exp=None), "missing_claim"),
    "exp text": (lambda: signed(exp=str(int(in_seconds(60)))), "malformed"),
    "exp word": (lambda: signed(exp="tomorrow"), "malformed"),
    "exp true": (lambda: signed(exp=True), "expired"),
    "exp list": (lambda: signed(exp=[int(in_seconds(60))]), "malformed"),
    "exp negative": (lambda: signed(exp=-1), "expired"),
    "sub with a quote": (lambda: signed(sub='a","status":"200'), "subject"),
    "sub with a backslash": (lambda: signed(sub="a\\"), "subject"),
    "exp after the calendar": (lambda: signed(exp=10**12), "malformed"),
    "exp huge": (lambda: signed(exp=1e308), "malformed"),
    "exp infinite": (lambda: signed(exp=math.inf), "malformed"),
    "exp not a number": (lambda: signed(exp=math.nan), "malformed"),
    "nbf ahead": (lambda: signed(nbf=int(in_seconds(60))), "not_yet_valid"),
    "nbf text": (lambda: signed(nbf="0"), "malformed"),
    "nbf null": (lambda: signed(nbf=None), "malformed"),
    "nbf negative": (lambda: signed(nbf=-1), "malformed"),
    "iat ahead": (lambda: signed(iat=int(in_seconds(60))), "not_yet_valid"),
    "iat missing": (lambda: signed(iat=MISSING), "missing_claim"),
    "iat text": (lambda: signed(iat="0"), "malformed"),
    "iat true": (lambda: signed(iat=True), "malformed"),
    "another issuer": (lambda: signed(iss="https://example.com"), "issuer"),
    "another pool": (lambda: signed(iss=OTHER_POOL), "issuer"),
    "issuer with a slash": (lambda: signed(iss=f"{tokens.URL}/"), "issuer"),
    "issuers": (lambda: signed(iss=[tokens.URL]), "issuer"),
    "issuer missing": (lambda: signed(iss=MISSING), "missing_claim"),
    "another audience": (lambda: signed(aud="another"), "audience"),
    "other audiences": (lambda: signed(aud=["another", "a-third"]), "audience"),
    "audiences without any": (lambda: signed(aud=[]), "audience"),
    "audience as a prefix": (lambda: signed(aud=f"{tokens.AUDIENCE}-2"), "audience"),
    "audience an object": (lambda: signed(aud={tokens.AUDIENCE: 1}), "audience"),
    "audience missing": (lambda: signed(aud=MISSING), "audience"),
    "client of an ID token": (lambda: signed(aud=MISSING, client_id=tokens.AUDIENCE), "audience"),
    "another client": (lambda: signed(token_use="access", client_id="another"), "audience"),
    "client missing": (lambda: signed(token_use="access"), "audience"),
    "use missing": (lambda: signed(token_use=MISSING), "token_use"),
    "refresh token": (lambda: signed(token_use="refresh"), "token_use"),
    "uses": (lambda: signed(token_use=["id"]), "token_use"),
    "sub missing": (lambda: signed(sub=MISSING), "missing_claim"),
    "sub null": (lambda: signed(sub=None), "missing_claim"),
    "sub a number": (lambda: signed(sub=1), "subject"),
    "sub a list": (lambda: signed(sub=["carol-sub"]), "subject"),
    "sub empty": (lambda: signed(sub=""), "subject"),
    "sub with a line break": (lambda: signed(sub="carol\n"), "subject"),
    "sub with a quote's escape": (lambda: signed(sub="carol\u2028"), "subject"),
    "sub too long": (lambda: signed(sub="c" * 256), "subject"),
    "group missing": (lambda: signed(**{"cognito:groups": MISSING}), "group"),
    "groups empty": (lambda: signed(**{"cognito:groups": []}), "group"),
    "groups null": (lambda: signed(**{"cognito:groups": None}), "group"),
    "another group": (lambda: signed(**{"cognito:groups": ["staff"]}), "group"),
    "longer group": (lambda: signed(**{"cognito:groups": ["not-writers", "writers-too"]}), "group"),
    "longer group as text": (lambda: signed(**{"cognito:groups": "not-writers"}), "group"),
    "groups in one text": (lambda: signed(**{"cognito:groups": "not writers"}), "group"),
    "group in capitals": (lambda: signed(**{"cognito:groups": ["Writers"]}), "group"),
    "groups an object": (lambda: signed(**{"cognito:groups": {"writers": True}}), "group"),
    "groups nested": (lambda: signed(**{"cognito:groups": [["writers"]]}), "group"),
    "groups a number": (lambda: signed(**{"cognito:groups": 1}), "group"),
}
SPOILED: dict[str, tuple[Callable[[], str], str]] = {
    name: (functools.partial(spoil, CAROL), reason)
    for name, (spoil, reason) in (FORGED | UNSENDABLE | CONFUSED).items()
}
ALL_BAD = {**SPOILED, **{f"signed by the issuer: {name}": each for name, each in MISISSUED.items()}}
FOR_NOW = {name: each for name, each in ALL_BAD.items() if each[1] in ("unknown_key", "not_yet_valid")}
BAD = {name: each for name, each in ALL_BAD.items() if name not in FOR_NOW}
