"""A token issuer for functions called in this process: a key for this run, its tokens, and its key set."""

import contextlib
import functools
import json
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from dev.application.people import PEOPLE
from dev.errors import DevError

URL = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_InMemory"
AUDIENCE = "in-memory-client"
KID = "in-memory-key"

VARIABLES = {
    "JWT_ISSUER": URL,
    "JWT_AUDIENCE": AUDIENCE,
    "JWT_JWKS_URL": f"{URL}/.well-known/jwks.json",
    "JWT_GROUPS_CLAIM": "cognito:groups",
}


@functools.cache
def key() -> rsa.RSAPrivateKey:
    return new_key()


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def claims(name: str) -> dict[str, Any]:
    """Return the claims of a new ID token. The user is named by the part of the e-mail address before the @."""
    groups = {email.partition("@")[0]: groups for email, _, groups in PEOPLE}
    if name not in groups:
        raise DevError(f"No user {name}. There are: {', '.join(groups)}")
    now = int(time.time())
    return {
        "iss": URL,
        "aud": AUDIENCE,
        "token_use": "id",
        "sub": f"{name}-sub",
        "cognito:groups": groups[name],
        "iat": now,
        "exp": now + 3600,
    }


def sign(content: dict[str, Any], **header: Any) -> str:
    """Return a signed token. `header` overrides header fields; None removes a field."""
    return str(jwt.encode(content, key(), algorithm="RS256", headers={"kid": KID} | header))


def token(name: str) -> str:
    """Return a new ID token of a user."""
    return sign(claims(name))


def jwk(public: rsa.RSAPublicKey, kid: str) -> dict[str, Any]:
    """Return a public key as Cognito publishes it."""
    numbers: dict[str, Any] = RSAAlgorithm.to_jwk(public, as_dict=True)
    return {"kty": "RSA", "alg": "RS256", "use": "sig", "kid": kid, "n": numbers["n"], "e": numbers["e"]}


@contextlib.contextmanager
def key_server() -> Iterator[str]:
    """Serve the key set on loopback and provide its URL.

    The thread only waits. `serve_forever` would look at the clock meanwhile, which faketime answers with `getenv`:
    that crashes the process when another thread changes its environment.
    """
    stopped = threading.Event()
    with HTTPServer(("127.0.0.1", 0), _KeySet) as server:
        thread = threading.Thread(target=_serve, args=(server, stopped), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/.well-known/jwks.json"
        finally:
            stopped.set()
            socket.create_connection(("127.0.0.1", server.server_port)).close()  # ends the wait
            thread.join()


def _serve(server: HTTPServer, stopped: threading.Event) -> None:
    while not stopped.is_set():
        server.handle_request()


class _KeySet(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(jwks())

    def log_message(self, *_: object) -> None:
        """Log nothing."""


def jwks() -> bytes:
    """Return the key set."""
    return json.dumps({"keys": [jwk(key().public_key(), KID)]}).encode()
