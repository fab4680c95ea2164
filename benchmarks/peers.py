"""What other applications are made of: the same short handlers with frameworks, from PyPI."""

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.variants import FOLDER, Variant, compile_folder, own_handler

_REQUIREMENTS = Path(__file__).with_name("peers.txt")
_PIP_INSTALL = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--no-compile"]
_CREATE: dict[str, Any] = {
    "resource": "/items",
    "path": "/items",
    "httpMethod": "POST",
    "headers": {"Content-Type": "application/json", "Idempotency-Key": "benchmark"},
    "multiValueHeaders": {"Content-Type": ["application/json"], "Idempotency-Key": ["benchmark"]},
    "queryStringParameters": None,
    "multiValueQueryStringParameters": None,
    "pathParameters": None,
    "stageVariables": None,
    "requestContext": {
        "resourcePath": "/items",
        "path": "/v1/items",
        "httpMethod": "POST",
        "stage": "v1",
        "protocol": "HTTP/1.1",
        "requestId": "00000000-0000-4000-8000-000000000000",
        "identity": {"sourceIp": "192.0.2.1"},
    },
    "body": '{"id": "item-1", "name": "Savings", "kind": "account"}',
    "isBase64Encoded": False,
}


def peers(bare: Variant) -> dict[str, Variant]:
    """Return variants that need what `bare` needs: each framework as `sam build` leaves it, and with bytecode."""
    plain, compiled = _installed()
    sdk, create, found = bare.folders[1:], replace(bare, event=_CREATE), []
    for kind, packages in (("", plain), (", bytecode", compiled)):
        for name, title, folders in (
            # The SDK of X-Ray, which Powertools needs for traces, brings a botocore of its own.
            ("powertools_resolver", "Powertools resolver", (packages, *sdk)),
            ("fastapi_mangum", "FastAPI and Mangum", (*sdk, packages)),
        ):
            own = own_handler(name)
            found.append(replace(create, name=title + kind, handler=f"{name}.handler", folders=(own, *folders)))
    traced = (own_handler("bare_opentelemetry"), own_handler("bare"), *sdk, compiled)
    found.append(replace(bare, name="bare with OpenTelemetry", handler="bare_opentelemetry.handler", folders=traced))
    return {variant.name: variant for variant in found}


def _installed() -> tuple[Path, Path]:
    """Install the frameworks, unless they are there, without bytecode and with it."""
    plain, compiled = FOLDER / "peers", FOLDER / "peers-bytecode"
    wanted, done = _REQUIREMENTS.read_text(), compiled / "requirements"
    if not (done.exists() and done.read_text() == wanted):
        for folder in (plain, compiled):
            shutil.rmtree(folder, ignore_errors=True)
        command = [*_PIP_INSTALL, "--target", str(plain), "--requirement", str(_REQUIREMENTS)]
        installed = subprocess.run(command, capture_output=True, text=True, check=False)
        if installed.returncode:
            raise RuntimeError(f"{' '.join(command)} failed:\n{installed.stderr}")
        shutil.copytree(plain, compiled)
        compile_folder(compiled)
        done.write_text(wanted)
    return plain, compiled
