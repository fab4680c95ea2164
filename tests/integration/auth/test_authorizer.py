"""AuthorizeFunction with real tokens, its layer as it was built, and its way to the issuer's keys."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from auth import store
from dev.application.stack import Stack, Status

METHOD = "arn:aws:execute-api:us-east-1:000000000000:local/v1/PUT/users/USER-1"

type Authorize = Callable[[str], dict[str, Any]]


@pytest.fixture(scope="module")
def authorize(stack: Stack, status: Status) -> Authorize:
    """Invokes the deployed authorizer with a token, and returns what API Gateway would get."""

    def invoke(token: str) -> dict[str, Any]:
        event = {"type": "TOKEN", "methodArn": METHOD, "authorizationToken": token}
        answer = stack.client("lambda").invoke(
            FunctionName=status.functions["AuthorizeFunction"], Payload=json.dumps(event)
        )
        result: dict[str, Any] = json.loads(answer["Payload"].read())
        return result

    return invoke


def effect(answer: dict[str, Any]) -> str:
    (statement,) = answer["policyDocument"]["Statement"]
    return str(statement["Effect"])


def test_writers_get_in_under_their_own_ids(authorize: Authorize, stack: Stack, status: Status) -> None:
    for name in ("carol", "dave"):
        (sub,) = [user.sub for user in status.users if user.email == f"{name}@example.com"]

        answer = authorize(stack.token(name))

        assert (effect(answer), answer["principalId"], answer["context"]) == ("Allow", sub, {"sub": sub})


def test_access_token_is_as_good(authorize: Authorize, access_token: str) -> None:
    assert effect(authorize(access_token)) == "Allow"


@pytest.fixture(scope="module")
def layer(stack: Stack) -> Path:
    return stack.build_dir / "JwtLayer" / "python"


@pytest.mark.parametrize(("processor", "machine"), [("x86_64", 62), ("aarch64", 183)])
def test_layer_has_the_compiled_modules_of_both_processors(layer: Path, processor: str, machine: int) -> None:
    """Python finds them by name, the processor takes them by the machine in their ELF header."""
    modules = list(layer.rglob(f"*.cpython-313-{processor}-linux-gnu.so"))

    assert {path.name.partition(".")[0] for path in modules} == {"_cffi_backend", "_rust"}
    assert {int.from_bytes(path.read_bytes()[18:20], "little") for path in modules} == {machine}


def test_layer_has_no_other_compiled_module(layer: Path) -> None:
    assert len(list(layer.rglob("*.so"))) == 4


@pytest.mark.skipif(sys.platform != "linux", reason="the layer is compiled for Linux")
def test_layer_needs_nothing_beside_it(layer: Path) -> None:
    program = (
        f"import sys; sys.path.append({str(layer)!r}); from jwt.algorithms import RSAAlgorithm as A; print(A.SHA256)"
    )

    done = subprocess.run([sys.executable, "-ISc", program], capture_output=True, text=True, check=True)

    assert "SHA256" in done.stdout


TIMED_OUT = threading.Event()
"""Set when the slow answer is no longer waited for."""


class Issuer(BaseHTTPRequestHandler):
    """Answers each path in its own bad way."""

    def do_GET(self) -> None:
        if self.path == "/slow":
            TIMED_OUT.wait()
        self.send_response({"/error": 500, "/moved": 302}.get(self.path, 200))
        self.send_header("Location", "/keys")
        self.end_headers()
        self.wfile.write(b"k" * (store.MAX_BYTES + 1) if self.path == "/huge" else self.path.encode())

    def log_message(self, *arguments: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def issuer_url() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Issuer) as server:
        server.handle_error = lambda request, client_address: None  # type: ignore[method-assign]
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_keys_are_read(issuer_url: str) -> None:
    assert store.fetch(f"{issuer_url}/keys?of=us") == b"/keys?of=us"


@pytest.mark.parametrize(
    ("path", "error"), [("error", "answered 500"), ("moved", "answered 302"), ("huge", "more than")]
)
def test_response_that_is_no_key_set_is_rejected(issuer_url: str, path: str, error: str) -> None:
    with pytest.raises(ValueError, match=error):
        store.fetch(f"{issuer_url}/{path}")


def test_slow_issuer_times_out(issuer_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_TIMEOUT_SECONDS", 0.1)

    with pytest.raises(TimeoutError):
        store.fetch(f"{issuer_url}/slow")

    TIMED_OUT.set()
