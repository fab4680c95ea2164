"""Starts the processes of Python functions as forks of a process that has imported the SDK and Powertools.

A fork answers in a tenth of a second, a new interpreter in half a second. Modules of the project are not imported
before the fork, because each deployment has its own copy of them.
"""

import multiprocessing
import os
import runpy
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

_LIBRARIES = [
    "aws_lambda_powertools.metrics",
    "aws_lambda_powertools.utilities.batch",
    "aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event",
    "botocore.client",
    "botocore.handlers",
    "botocore.session",
]
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(_LIBRARIES)


def popen() -> Callable[..., Any]:
    """Return what starts functions in place of `subprocess.Popen`: forks, on systems and in folders where they work."""
    if sys.platform != "linux":
        return subprocess.Popen
    try:
        forkserver.ensure_running()
    except OSError:  # its socket is impossible here: the path is too long, or on a Windows drive in WSL
        return subprocess.Popen
    return _start


def _start(command: Sequence[str], **options: Any) -> "FunctionProcess | subprocess.Popen[str]":
    """Start the process of a function. Other runtimes start as usual."""
    return (FunctionProcess if command[0] == sys.executable else subprocess.Popen)(command, **options)


class FunctionProcess:
    """What MiniStack uses of `subprocess.Popen`: a process that runs a Python script, with three pipes for text."""

    def __init__(self, command: Sequence[str], *, cwd: str, env: Mapping[str, str], **_pipes: Any) -> None:
        _, script = command
        (their_in, our_in), (our_out, their_out), (our_err, their_err) = os.pipe(), os.pipe(), os.pipe()
        self.stdin = os.fdopen(our_in, "w", buffering=1)
        self.stdout, self.stderr = os.fdopen(our_out), os.fdopen(our_err)
        theirs = [Connection(end) for end in (their_in, their_out, their_err)]
        self._process = _FORKS.Process(target=_run, args=(script, cwd, dict(env), theirs), daemon=True)
        self._process.start()
        for end in theirs:
            end.close()

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("function", timeout or 0)
        return self._process.exitcode

    def terminate(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        self._process.kill()


def _run(script: str, cwd: str, env: Mapping[str, str], pipes: Sequence[Connection]) -> None:
    """Become what `python script` would be."""
    for number, pipe in enumerate(pipes):
        os.dup2(pipe.fileno(), number)
        pipe.close()
    sys.stdin, sys.stdout, sys.stderr = (
        os.fdopen(0, closefd=False),
        os.fdopen(1, "w", closefd=False),
        os.fdopen(2, "w", buffering=1, errors="backslashreplace", closefd=False),
    )
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    # The adapter of direct routes has its own copy of `dev`, and this module has imported another.
    for name in [name for name in sys.modules if name.partition(".")[0] == "dev"]:
        del sys.modules[name]
    sys.argv[:] = [script]
    sys.path[0] = str(Path(script).parent)
    runpy.run_path(script, run_name="__main__")
