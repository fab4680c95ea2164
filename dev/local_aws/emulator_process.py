"""Runs MiniStack with four corrections, with functions that start faster, and with paths that reject clients.

MiniStack waits 50 ms for the first line of a log, and stops reading 5 ms after the last one. On a busy machine it
misses lines. Here, a log is read until its pipe is empty.

MiniStack accepts access tokens at every route of a Cognito authorizer. AWS does at routes with scopes only.

An invocation during an update of code could start a process with the old code. MiniStack would keep it for later ones.

A function that fails at import leaves no log.
"""

import fcntl
import os
import queue
import runpy
import select
import struct
import subprocess
import termios
import threading
import time
import zipfile
from collections.abc import Callable
from types import SimpleNamespace
from typing import IO, Any

from ministack import app as server
from ministack.core import lambda_runtime
from ministack.services import apigateway_v1, lambda_svc

from dev.local_aws import function_processes
from dev.local_aws.clients import Clients
from dev.local_aws.shared_archives import SharedArchive

LONGEST_SECONDS = 5.0
_reading = threading.Lock()


def read_log(pipe: IO[str], lines: "queue.Queue[str]", read: Callable[[int, int], bytes] = os.read) -> None:
    """Put every line of a pipe into a queue, until its end. What was read is in the queue when `_reading` is free."""
    poll, rest = select.poll(), b""
    poll.register(pipe, select.POLLIN)
    while poll.poll():
        with _reading:
            chunk = read(pipe.fileno(), 65536)
            *complete, rest = (rest + chunk).split(b"\n") if chunk else (rest, b"")
            for line in filter(None, complete):
                lines.put(line.decode(errors="replace"))
        if not chunk:
            return


def wait_until_read(pipe: IO[str], reader: threading.Thread) -> None:
    """Wait until a thread with `read_log` has read everything in a pipe, for at most five seconds."""
    deadline = time.monotonic() + LONGEST_SECONDS
    while reader.is_alive() and time.monotonic() < deadline:
        with _reading:
            if not _unread_bytes(pipe):
                return
        time.sleep(0.0005)


def _unread_bytes(pipe: IO[str]) -> int:
    (count,) = struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)))
    return int(count)


def _log_of_invocation(worker: Any, **_waits: float) -> Any:
    """Return what a function has logged. It writes its log before its answer."""
    reader = worker._stderr_thread
    if worker._proc is None:  # it failed and was stopped
        reader.join(LONGEST_SECONDS)
    else:
        wait_until_read(worker._proc.stderr, reader)
    return worker._drain_stderr()


def acquire_current_worker(function: str, config: dict[str, Any], code: bytes, **options: Any) -> tuple[Any, str]:
    """Lease a worker as MiniStack does, and replace its process if that has other code than the invocation."""
    worker, reason = lambda_runtime.acquire_worker(function, config, code, **options)
    if worker is not None and worker.code_zip != code:
        worker.kill()
        worker.config, worker.code_zip = config, code
    return worker, reason


def with_logged_error(answer: dict[str, Any]) -> dict[str, Any]:
    """Return the answer of an invocation. If it is an error without a log, the error is its log, as on AWS."""
    if answer.get("error") and not answer.get("log"):
        answer["log"] = "[ERROR] {errorType}: {errorMessage}".format(**answer["body"])
    return answer


def main() -> None:
    worker_class: Any = lambda_runtime.Worker
    worker_class._read_stderr = lambda worker: read_log(worker._proc.stderr, worker._stderr_queue)
    worker_class._drain_stderr_bounded = _log_of_invocation
    authorize = apigateway_v1._validate_cognito_authorizer

    async def authorize_id_tokens(authorizer: Any, method: Any, *request: Any) -> Any:
        claims, rejection = await authorize(authorizer, method, *request)
        if claims is not None and claims.get("token_use") != "id" and not method.get("authorizationScopes"):
            return None, apigateway_v1._gw_error("UNAUTHORIZED", "Unauthorized")
        return claims, rejection

    apigateway_v1._validate_cognito_authorizer = authorize_id_tokens
    lambda_svc.acquire_worker = acquire_current_worker
    execute = lambda_svc._execute_function_warm
    lambda_svc._execute_function_warm = lambda *invocation: with_logged_error(execute(*invocation))
    lambda_runtime.zipfile = SimpleNamespace(**vars(zipfile) | {"ZipFile": SharedArchive})
    lambda_runtime.subprocess = SimpleNamespace(**vars(subprocess) | {"Popen": function_processes.popen()})
    server.app = Clients(server.app)
    runpy.run_module("ministack", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
