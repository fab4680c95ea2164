"""AuthorizeFunction, beyond its event files."""

import functools
import json
import math
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm

from auth import authorize, model, store
from auth.authorize import UnauthorizedError, handler
from auth.store import KeyStore, KeysUnavailableError
from dev import issuer
from dev.in_memory import lambda_context
from tests.bad_tokens import FORGED, OUR_JWK, UNSENDABLE, Spoil, hs256, rs256
from tests.unit.conftest import LogLines

METHOD = "arn:aws:execute-api:eu-west-1:123456789012:abc123/v1/PUT/users/USER-1"
ALLOWED = ["arn:aws:execute-api:eu-west-1:123456789012:abc123/v1/PUT/users/*"]
DENIED = ["arn:aws:execute-api:eu-west-1:123456789012:abc123/v1/*"]
PUBLIC = issuer.key().public_key()
CAROL = issuer.token("carol")
MISSING = object()

type Answers = list[bytes | Exception]


@pytest.fixture(autouse=True)
def answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Answers]:
    """What the issuer answers to requests for its keys, one after the other; the last one for ever."""
    queue: Answers = [issuer.jwks()]

    def fetch(url: str) -> bytes:
        assert url == issuer.VARIABLES["JWT_JWKS_URL"]
        answer = queue.pop(0) if len(queue) > 1 else queue[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(store, "fetch", fetch)
    for cached in (authorize._issuer, authorize._keys):
        cached.cache_clear()
    yield queue
    authorize._keys.cache_clear()


def event(token: str, method_arn: str = METHOD) -> dict[str, Any]:
    return {"type": "TOKEN", "methodArn": method_arn, "authorizationToken": token}


def statement(token: str, method_arn: str = METHOD) -> dict[str, Any]:
    (only,) = handler(event(token, method_arn), lambda_context())["policyDocument"]["Statement"]
    assert only["Action"] == "execute-api:Invoke"
    found: dict[str, Any] = only
    return found


def signed(header: dict[str, Any] | None = None, /, **changes: Any) -> str:
    """Return carol's token as its issuer would sign it with other claims; MISSING leaves one out."""
    claims = issuer.claims("carol") | changes
    kept = {name: value for name, value in claims.items() if value is not MISSING}
    return rs256({"alg": "RS256", "kid": issuer.KID} | (header or {}), kept, issuer.key())


def in_seconds(seconds: float) -> float:
    return time.time() + seconds


def test_writer_is_allowed_the_writers_routes(log_lines: LogLines) -> None:
    answer = handler(event(CAROL), lambda_context())

    assert answer == {
        "principalId": "carol-sub",
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": ALLOWED}],
        },
        "context": {"sub": "carol-sub"},
    }
    (line,) = [line for line in log_lines() if line.get("level") == "INFO"]
    assert (line["message"], line["sub"]) == ("authorized", "carol-sub")


GOOD: dict[str, Callable[[], str]] = {
    "bearer": lambda: f"Bearer {CAROL}",
    "small bearer": lambda: f"bearer  {CAROL}",
    "just expired": lambda: signed(exp=int(in_seconds(-10))),
    "fraction": lambda: signed(exp=in_seconds(60)),
    "clock ahead": lambda: signed(iat=int(in_seconds(10))),
    "not quite valid yet": lambda: signed(nbf=int(in_seconds(10))),
    "audiences": lambda: signed(aud=["another", issuer.AUDIENCE]),
    "access token": lambda: signed(token_use="access", aud=MISSING, client_id=issuer.AUDIENCE),
    "one group": lambda: signed(**{"cognito:groups": "writers"}),
    "groups": lambda: signed(**{"cognito:groups": ["staff", "writers"]}),
    "headers that are ignored": lambda: signed(
        {"jwk": OUR_JWK, "jku": "https://example.com", "x5u": "https://example.com"}
    ),
}
"""Made when they are needed: tests are collected minutes before the last of them runs."""


@pytest.mark.parametrize("token", GOOD.values(), ids=GOOD)
def test_good_token_is_allowed(token: Callable[[], str]) -> None:
    assert statement(token()) == {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": ALLOWED}


SECRETS = {
    "PEM": PUBLIC.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    "PEM without its last line break": PUBLIC.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).strip(),
    "PKCS1": PUBLIC.public_bytes(Encoding.PEM, PublicFormat.PKCS1),
    "DER": PUBLIC.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
    "modulus": json.loads(issuer.jwks())["keys"][0]["n"].encode(),
    "JWK": json.dumps(json.loads(issuer.jwks())["keys"][0]).encode(),
}
CONFUSED: dict[str, tuple[Spoil, str]] = {
    f"HS256 with the public key as {name}": (lambda token, secret=secret: hs256(token, secret), "algorithm")  # type: ignore[misc]
    for name, secret in SECRETS.items()
}


def raw(payload: bytes) -> str:
    return rs256({"alg": "RS256", "kid": issuer.KID}, payload, issuer.key())


OTHER_POOL = issuer.URL.replace("InMemory", "Other")
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
        lambda: raw(json.dumps(issuer.claims("carol")).encode()[:-1] + b', "cognito:groups": []}'),
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
    "issuer with a slash": (lambda: signed(iss=f"{issuer.URL}/"), "issuer"),
    "issuers": (lambda: signed(iss=[issuer.URL]), "issuer"),
    "issuer missing": (lambda: signed(iss=MISSING), "missing_claim"),
    "another audience": (lambda: signed(aud="another"), "audience"),
    "other audiences": (lambda: signed(aud=["another", "a-third"]), "audience"),
    "audiences without any": (lambda: signed(aud=[]), "audience"),
    "audience as a prefix": (lambda: signed(aud=f"{issuer.AUDIENCE}-2"), "audience"),
    "audience an object": (lambda: signed(aud={issuer.AUDIENCE: 1}), "audience"),
    "audience missing": (lambda: signed(aud=MISSING), "audience"),
    "client of an ID token": (lambda: signed(aud=MISSING, client_id=issuer.AUDIENCE), "audience"),
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
SPOILED = {
    name: (functools.partial(spoil, CAROL), reason)
    for name, (spoil, reason) in (FORGED | UNSENDABLE | CONFUSED).items()
}
ALL_BAD = {**SPOILED, **{f"signed by the issuer: {name}": each for name, each in MISISSUED.items()}}
BAD = {name: each for name, each in ALL_BAD.items() if each[1] != "unknown_key"}
UNKNOWN = {name: make for name, (make, _) in ALL_BAD.items() if name not in BAD}


@pytest.mark.parametrize(("make", "reason"), BAD.values(), ids=BAD)
def test_bad_token_is_denied(log_lines: LogLines, make: Callable[[], str], reason: str) -> None:
    answer = handler(event(make()), lambda_context())

    assert answer == {
        "principalId": "unknown",
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Deny", "Action": "execute-api:Invoke", "Resource": DENIED}],
        },
        "context": {},
    }
    (line,) = [line for line in log_lines() if "level" in line]
    assert (line["level"], line["message"], line["reason"]) == ("INFO", "refused", reason)


@pytest.mark.parametrize("make", UNKNOWN.values(), ids=UNKNOWN)
def test_unknown_key_is_unauthorized_which_nobody_remembers(log_lines: LogLines, make: Callable[[], str]) -> None:
    with pytest.raises(UnauthorizedError, match=r"^Unauthorized$"):
        handler(event(make()), lambda_context())

    (line,) = [line for line in log_lines() if "level" in line]
    assert (line["level"], line["message"], line["reason"]) == ("INFO", "refused", "unknown_key")


@pytest.mark.parametrize("token", [CAROL, f"{CAROL}-AAAA", signed(email="canary@example.com", sub="c\n")])
def test_log_holds_no_token_and_no_claim(log_lines: LogLines, token: str) -> None:
    handler(event(token), lambda_context())

    assert log_lines()
    for secret in (*token.split("."), "canary", "InMemory"):
        assert secret not in str(log_lines())


@pytest.mark.parametrize(
    "path",
    [
        "PUT/users/USER-1",
        "PUT/users/*",
        "PUT/users/a/b/c",
        "PUT/users/x?y=1",
        "PUT/users/x:arn:aws:execute-api:*:*:*",
        "PUT/users/../../prod/DELETE/users",
        "PUT/users/line\nbreak",
        "GET/customers/CUST-1/products",
    ],
)
def test_policy_is_the_same_whatever_path_was_asked_for(path: str) -> None:
    method_arn = METHOD.replace("PUT/users/USER-1", path)

    assert statement(CAROL, method_arn)["Resource"] == ALLOWED
    assert statement("garbage", method_arn)["Resource"] == DENIED


def test_policy_is_of_the_stage_that_was_called() -> None:
    method_arn = "arn:aws-us-gov:execute-api:us-gov-west-1:123456789012:xyz/test-invoke-stage/PUT/users/1"

    assert statement(CAROL, method_arn)["Resource"] == [
        "arn:aws-us-gov:execute-api:us-gov-west-1:123456789012:xyz/test-invoke-stage/PUT/users/*"
    ]


@pytest.mark.parametrize(
    "method_arn",
    [
        "",
        "*",
        "arn:aws:execute-api:eu-west-1:123456789012:abc123",
        "arn:aws:execute-api:eu-west-1:123456789012:*/v1/PUT/users/1",
        "arn:aws:execute-api:eu-west-1:123456789012:abc123/*/PUT/users/1",
        "arn:aws:s3:::bucket/v1/PUT/users/1",
        f" {METHOD}",
    ],
)
def test_what_is_no_method_is_no_policy(method_arn: str) -> None:
    with pytest.raises(ValueError, match="not the ARN of a method"):
        model.stage_of(method_arn)


OTHER_ISSUER = model.Issuer("https://login.example.com/", "our-api", "https://example.com/roles")
OTHER_CLAIMS = {"iss": OTHER_ISSUER.url, "aud": "our-api", "https://example.com/roles": ["writers"]}


def test_another_issuer_s_tokens_need_no_token_use() -> None:
    token = signed(**OTHER_CLAIMS, token_use=MISSING)

    assert model.writer(token, OTHER_ISSUER, lambda _: PUBLIC) == "carol-sub"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"aud": "another", "token_use": "access", "client_id": "our-api"}, "audience"),
        ({"aud": MISSING, "client_id": "our-api"}, "audience"),
        ({"https://example.com/roles": MISSING}, "group"),
        ({"iss": issuer.URL}, "issuer"),
    ],
    ids=["client_id instead of aud", "client_id alone", "group in another claim", "the pool's"],
)
def test_another_issuer_s_tokens_are_for_our_audience(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(model.RefusedError, match=f"^{reason}$"):
        model.writer(signed(**(OTHER_CLAIMS | changes)), OTHER_ISSUER, lambda _: PUBLIC)


class Clock:
    """Stands still until it is set."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keys(clock: Clock) -> KeyStore:
    return KeyStore(issuer.VARIABLES["JWT_JWKS_URL"], clock)


def key_set(*ids: str, **changes: Any) -> bytes:
    """Return a key set of one key under these ids; `changes` to each entry, MISSING leaves a field out."""
    entries = [issuer.jwk(PUBLIC, kid) | changes for kid in ids]
    return json.dumps(
        {"keys": [{name: value for name, value in entry.items() if value is not MISSING} for entry in entries]}
    ).encode()


def test_known_keys_are_fetched_once_an_hour(answers: Answers, keys: KeyStore, clock: Clock) -> None:
    answers[:] = [key_set("a"), key_set("b")]

    first = keys.find("a")
    clock.now += 3599

    assert first is not None
    assert keys.find("a") is first


def test_new_key_is_found_after_a_rotation(answers: Answers, keys: KeyStore, clock: Clock) -> None:
    answers[:] = [key_set("a"), key_set("a", "b")]
    keys.find("a")

    clock.now += 60

    assert keys.find("b") is not None


def test_unknown_keys_fetch_once_a_minute_at_most(answers: Answers, keys: KeyStore, clock: Clock) -> None:
    answers[:] = [key_set("a"), key_set("a", "b"), AssertionError("a third time")]
    keys.find("a")

    clock.now += 59

    assert [keys.find(kid) for kid in ("b", "c", "d")] == [None, None, None]
    clock.now += 1
    assert keys.find("c") is None
    assert keys.find("b") is not None


def test_withdrawn_key_is_forgotten_after_an_hour(answers: Answers, keys: KeyStore, clock: Clock) -> None:
    answers[:] = [key_set("a", "b"), key_set("b")]
    keys.find("a")

    clock.now += 3600

    assert keys.find("a") is None
    assert keys.find("b") is not None


def test_old_keys_serve_while_new_ones_cannot_be_fetched(answers: Answers, keys: KeyStore, clock: Clock) -> None:
    answers[:] = [key_set("a"), TimeoutError()]
    keys.find("a")

    clock.now += 3600

    assert keys.find("a") is not None


FAILURES: dict[str, bytes | Exception] = {
    "time-out": TimeoutError(),
    "no connection": ConnectionRefusedError(),
    "answered 500": ValueError("answered 500"),
    "not JSON": b"<html>",
    "not UTF-8": b"\xff",
    "null": b"null",
    "array": b"[]",
    "without keys": b"{}",
    "keys no list": b'{"keys": 1}',
    "keys of nothing": b'{"keys": [null, 1, "a", []]}',
    "no keys": b'{"keys": []}',
    "nested deeply": b"[" * 100_000,
    "without key id": key_set("a", kid=MISSING),
    "key id a number": key_set("a", kid=1),
    "for encryption": key_set("a", use="enc"),
    "for another algorithm": key_set("a", alg="RS512"),
    "of another kind": key_set("a", kty="EC"),
    "without kind": key_set("a", kty=MISSING),
    "without modulus": key_set("a", n=MISSING),
    "modulus a number": key_set("a", n=1),
    "modulus garbage": key_set("a", n="!"),
    "exponent even": key_set("a", e="AAAA"),
    "key too short": json.dumps(
        {"keys": [issuer.jwk(rsa.generate_private_key(65537, 1024).public_key(), "a")]}
    ).encode(),
    "elliptic": json.dumps(
        {
            "keys": [
                ECAlgorithm.to_jwk(ec.generate_private_key(ec.SECP256R1()).public_key(), as_dict=True) | {"kid": "a"}
            ]
        }
    ).encode(),
}


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
def test_keys_that_never_came_are_our_failure(
    answers: Answers, log_lines: LogLines, failure: bytes | Exception
) -> None:
    answers[:] = [failure]

    with pytest.raises(KeysUnavailableError):
        handler(event(CAROL), lambda_context())

    (line,) = [line for line in log_lines() if "level" in line]
    assert (line["level"], line["message"]) == ("ERROR", "keys not fetched")


def test_fitting_key_is_found_among_others(answers: Answers, keys: KeyStore) -> None:
    others = [*json.loads(key_set("a", use="enc"))["keys"], None, {"kty": "oct", "k": "AAAA", "kid": "b"}]
    answers[:] = [json.dumps({"keys": [*others, *json.loads(key_set("c", use=MISSING, alg=MISSING))["keys"]]}).encode()]

    assert keys.find("c") is not None
    assert (keys.find("a"), keys.find("b")) == (None, None)


def test_failed_fetch_is_repeated_after_a_minute(answers: Answers, keys: KeyStore, clock: Clock) -> None:
    answers[:] = [TimeoutError(), key_set("a")]
    with pytest.raises(KeysUnavailableError):
        keys.find("a")

    clock.now += 59
    with pytest.raises(KeysUnavailableError):
        keys.find("a")
    clock.now += 1

    assert keys.find("a") is not None
