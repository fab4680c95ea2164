"""The issuer's keys: fetched seldom, kept while they are good, and our failure where they never came."""

import io
import json
import threading
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm

from auth import authorize, store
from auth.authorize import handler
from auth.store import KeyStore, KeysUnavailableError
from dev.application.auth import tokens
from dev.application.in_process import captured_log, lambda_context
from tests.unit.auth.tokens import CAROL, MISSING, PUBLIC, Answers, event


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
    return KeyStore(tokens.VARIABLES["JWT_JWKS_URL"], clock)


def key_set(*ids: str, **changes: Any) -> bytes:
    """Return a key set of one key under these ids; `changes` to each entry, MISSING leaves a field out."""
    entries = [tokens.jwk(PUBLIC, kid) | changes for kid in ids]
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


def test_old_keys_serve_while_a_fetch_takes_too_long(
    answers: Answers, keys: KeyStore, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each address of a name has a time limit of its own, and the search for them has none."""
    answers[:] = [key_set("a")]
    keys.find("a")
    ended = threading.Event()
    monkeypatch.setattr(store, "fetch", lambda _: ended.wait())
    monkeypatch.setattr(store, "_FETCH_SECONDS", 0)

    clock.now += 3600

    try:
        assert keys.find("a") is not None
    finally:
        ended.set()


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
        {"keys": [tokens.jwk(rsa.generate_private_key(65537, 1024).public_key(), "a")]}
    ).encode(),
    "elliptic": json.dumps(
        {
            "keys": [
                ECAlgorithm.to_jwk(ec.generate_private_key(ec.SECP256R1()).public_key(), as_dict=True) | {"kid": "a"}
            ]
        }
    ).encode(),
}


def test_keys_that_cannot_be_fetched_are_an_error(subtests: pytest.Subtests, answers: Answers) -> None:
    for name, failure in FAILURES.items():
        answers[:] = [failure]
        authorize._keys.cache_clear()
        with subtests.test(name), captured_log(log := io.StringIO()):
            with pytest.raises(KeysUnavailableError):
                handler(event(CAROL), lambda_context())

            lines = [json.loads(line) for line in log.getvalue().splitlines()]
            logged = [(line["level"], line["message"]) for line in lines if "level" in line]
            assert logged == [("ERROR", "keys not fetched")]
            (counted,) = [line for line in lines if "KeysUnavailable" in line]
            assert counted["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["service"]]


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
