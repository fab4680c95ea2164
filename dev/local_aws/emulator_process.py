"""Runs MiniStack with two corrections, and with functions that start faster.

After an invocation MiniStack stops reading its log 5 ms after the last line that it has seen. On a busy machine later
lines are still in the pipe then. They would be missing from the log until the next invocation of the same process.

MiniStack accepts access tokens at every route of a Cognito authorizer. AWS does at routes with scopes only.
"""

import fcntl
import runpy
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import IO, Any

from ministack.core import lambda_runtime
from ministack.core.lambda_runtime import Worker
from ministack.services import apigateway_v1

from dev.local_aws import function_processes

LONGEST_SECONDS = 5.0


def wait_until_read(pipe: IO[str], sleep: Callable[[float], object] = time.sleep) -> None:
    """Wait until another thread has read everything in a pipe, for at most five seconds."""
    deadline = time.monotonic() + LONGEST_SECONDS
    while unread_bytes(pipe) and time.monotonic() < deadline:
        sleep(0.001)


def unread_bytes(pipe: IO[str]) -> int:
    (count,) = struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)))
    return int(count)


def main() -> None:
    drain = Worker._drain_stderr_bounded

    def wait_and_drain(worker: Any, **waits: float) -> Any:
        if worker._proc is not None and worker._proc.stderr is not None:
            wait_until_read(worker._proc.stderr)
        return drain(worker, **waits)

    Worker._drain_stderr_bounded = wait_and_drain
    authorize = apigateway_v1._validate_cognito_authorizer

    async def authorize_id_tokens(authorizer: Any, method: Any, *request: Any) -> Any:
        claims, refusal = await authorize(authorizer, method, *request)
        if claims is not None and claims.get("token_use") != "id" and not method.get("authorizationScopes"):
            return None, apigateway_v1._gw_error("UNAUTHORIZED", "Unauthorized")
        return claims, refusal

    apigateway_v1._validate_cognito_authorizer = authorize_id_tokens
    if sys.platform == "linux":  # where forks are safe
        lambda_runtime.subprocess = SimpleNamespace(**vars(subprocess) | {"Popen": function_processes.start})
    runpy.run_module("ministack", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
