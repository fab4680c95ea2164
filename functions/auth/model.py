"""Validation of bearer tokens, and the policy that an authorizer returns."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import RSAAlgorithm

WRITERS = "writers"
WRITERS_ROUTES = ("PUT/users/*",)
"""Every route of writers: API Gateway caches the policy and applies it to the caller's next routes too."""

ALGORITHM = "RS256"
MIN_KEY_BITS = 2048
LEEWAY_SECONDS = 30
MAX_TOKEN_LENGTH = 8192

_BEARER = re.compile(r"(?i)bearer +")
# ASCII (OpenID Connect Core, section 2), without the characters that end a quoted field of the access log.
_SUBJECT = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]{1,255}")
_END_OF_TIME = 253402300800  # the year 10000
_COGNITO = "https://cognito-idp."
_STAGE_ARN = re.compile(r"arn:[a-z-]+:execute-api:[a-z0-9-]+:[0-9]+:[a-z0-9]+/[\w$-]+(?=/)", re.ASCII)

type Claims = Mapping[str, Any]
type FindKey = Callable[[str], RSAPublicKey | None]


class RejectedError(Exception):
    """A rejected token. Its text is a stable reason, for the log only."""


class RejectedForNowError(RejectedError):
    """A token that may become valid later, `unknown_key` or `not_yet_valid`. Do not cache the rejection."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """An accepted issuer. Its tokens have `url` as `iss`, `audience` as `aud`, and groups in `groups_claim`."""

    url: str
    audience: str
    groups_claim: str


def writer(authorization: str, issuer: Issuer, find_key: FindKey) -> str:
    """Return the `sub` of a writer's token, with or without the prefix Bearer. Raises RejectedError for any other."""
    claims = _verified_claims(_BEARER.sub("", authorization, count=1), issuer, find_key)
    _require_audience(claims, issuer)
    if WRITERS not in _as_list(claims.get(issuer.groups_claim)):
        raise RejectedError("group")
    return str(claims["sub"])


def _verified_claims(token: str, issuer: Issuer, find_key: FindKey) -> Claims:
    """Return the claims of a token that the issuer signed and that is valid now."""
    if len(token) > MAX_TOKEN_LENGTH or not token.isascii():
        raise RejectedError("malformed")
    try:
        claims: Claims = jwt.decode(
            token,
            _key(jwt.get_unverified_header(token), find_key),
            algorithms=[ALGORITHM],
            issuer=issuer.url,
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iat", "iss", "sub"], "verify_aud": False},
        )
    except jwt.ImmatureSignatureError as error:
        raise RejectedForNowError("not_yet_valid") from error
    except jwt.InvalidTokenError as error:
        raise RejectedError(_REASONS.get(type(error), "malformed")) from error
    if not all(_is_time(claims.get(name, 0)) for name in ("exp", "iat", "nbf")):
        raise RejectedError("malformed")
    if not _SUBJECT.fullmatch(claims["sub"]):
        raise RejectedError("subject")
    return claims


def _key(header: Mapping[str, Any], find_key: FindKey) -> RSAPublicKey:
    """The header is not verified yet, so only its algorithm and key id are used."""
    if header.get("alg") != ALGORITHM:
        raise RejectedError("algorithm")
    if "kid" not in header:
        raise RejectedError("malformed")
    key = find_key(header["kid"])
    if key is None:
        raise RejectedForNowError("unknown_key")
    return key


_REASONS = {
    jwt.InvalidSignatureError: "signature",
    jwt.ExpiredSignatureError: "expired",
    jwt.InvalidIssuerError: "issuer",
    jwt.exceptions.InvalidSubjectError: "subject",
    jwt.MissingRequiredClaimError: "missing_claim",
}


def _is_time(value: object) -> bool:
    """Accept numbers only (RFC 7519, NumericDate) and years up to 9999. PyJWT also accepts text and booleans."""
    return type(value) in (int, float) and 0 <= value < _END_OF_TIME  # type: ignore[operator]


def _require_audience(claims: Claims, issuer: Issuer) -> None:
    """Cognito has `token_use` in its tokens, and the client of an access token in `client_id`."""
    audience = claims.get("aud")
    if issuer.url.startswith(_COGNITO):
        use = claims.get("token_use")
        if use not in ("id", "access"):
            raise RejectedError("token_use")
        if use == "access":
            audience = claims.get("client_id")
    if issuer.audience not in _as_list(audience):
        raise RejectedError("audience")


def _as_list(value: Any) -> list[Any]:
    """Return a claim that is one name or a list of them."""
    return value if isinstance(value, list) else [value]


def read_keys(document: bytes) -> dict[str, RSAPublicKey]:
    """Return the RS256 keys of a JWK set (RFC 7517) by id. Other keys are ignored.

    Raises ValueError if there is none: an empty set is more likely a fault than a withdrawal of all keys.
    """
    try:
        keys = {jwk["kid"]: key for jwk in json.loads(document)["keys"] if (key := _fitting_key(jwk)) is not None}
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError("not a JWK set") from error
    if not keys:
        raise ValueError(f"a JWK set without a key for {ALGORITHM}")
    return keys


def _fitting_key(jwk: object) -> RSAPublicKey | None:
    if not isinstance(jwk, dict) or not isinstance(jwk.get("kid"), str):
        return None
    if jwk.get("use", "sig") != "sig" or jwk.get("alg", ALGORITHM) != ALGORITHM:
        return None
    try:
        key = RSAAlgorithm.from_jwk({name: jwk[name] for name in ("kty", "n", "e")})
    except (KeyError, TypeError, ValueError, jwt.InvalidKeyError):
        return None
    return key if isinstance(key, RSAPublicKey) and key.key_size >= MIN_KEY_BITS else None


def stage_of(method_arn: str) -> str:
    """Return the ARN of the API's stage, which callers cannot choose. Raises ValueError for another ARN."""
    stage = _STAGE_ARN.match(method_arn)
    if stage is None:
        raise ValueError("not the ARN of a method")
    return stage[0]


def policy(principal: str, effect: str, resources: list[str], context: Mapping[str, str]) -> dict[str, Any]:
    """Return an authorizer's response. Integrations read `context` as `$context.authorizer`."""
    statement = {"Effect": effect, "Action": "execute-api:Invoke", "Resource": resources}
    return {
        "principalId": principal,
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": dict(context),
    }
