"""What Lambda does from the start of Python to the last response, with AWS's runtime client and without its API.

A script of its own, because it runs in the functions' environment: `python -P lambda_runtime.py CALLS HANDLER EVENT`.
It prints the processor time of the first response, that of a later one, and the most memory used.

With COUNTED in the environment, Valgrind counts instructions, and there can be more arguments: pairs of a handler and
an event file, each of which runs in a fork, and `import` with a module. Valgrind counts for a fork what its parent did
before it too, as if it had started alone. The output says which process was which.
"""

import importlib
import os
import sys
import time
from types import SimpleNamespace
from typing import Any

from awslambdaric import bootstrap
from awslambdaric.lambda_runtime_marshaller import LambdaMarshaller

ARN = "arn:aws:lambda:us-east-1:123456789012:function:benchmark"
COUNTED = "COUNTED" in os.environ


class Invocations:
    """The part of AWS's LambdaRuntimeClient that its loop uses. The process ends after the last invocation."""

    marshaller = LambdaMarshaller()

    def __init__(self, event: bytes, calls: int, name: str) -> None:
        self._event = event
        self._calls = calls
        self._name = name
        self._done = 0
        self._first = 0.0

    def wait_next_invocation(self) -> Any:
        return SimpleNamespace(
            invoke_id="00000000-0000-4000-8000-000000000000",
            x_amzn_trace_id=None,
            invoked_function_arn=ARN,
            deadline_time_in_ms=4102444800000,
            client_context=None,
            cognito_identity=None,
            tenant_id=None,
            content_type="application/json",
            event_body=self._event,
            invocation_id=None,
        )

    def post_invocation_result(self, _invoke_id: str, result: str, *_: Any) -> None:
        self._done += 1
        if self._done == 1:
            self._first = time.process_time()
            say(f"RESULT {result}")
            if COUNTED and (child := fork()):
                say(f"FIRST {child} {self._name}")
        if self._done == self._calls:
            if COUNTED:
                say(f"LAST {os.getpid()} {self._name}")
            else:
                later = (time.process_time() - self._first) / max(self._calls - 1, 1)
                say(f"TIMES {self._first} {later} {peak_memory()}")
            os._exit(0)

    def post_invocation_error(self, _invoke_id: str, error: str, *_: Any) -> None:
        fail(error)

    def post_init_error(self, error: Any, *_: Any) -> None:
        fail(error)


def say(text: str) -> None:
    os.write(1, f"{text}\n".encode())


def fail(error: object) -> None:
    say(f"ERROR {error}")
    os._exit(1)


def fork() -> int:
    """Return the id of a process that has ended, and whose count is that of this one up to here."""
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return child


def peak_memory() -> float:
    """Return MB."""
    with open("/proc/self/status") as file:  # noqa: PTH123 - pathlib would be counted
        return next(int(line.split()[1]) for line in file if line.startswith("VmHWM")) / 1024


def main(calls: str, *arguments: str) -> None:
    for number, (what, name) in enumerate(zip(arguments[::2], arguments[1::2], strict=True)):
        if what == "import":
            importlib.import_module(name)
            continue
        with open(name, "rb") as file:  # noqa: PTH123
            event = file.read()
        child = os.fork() if COUNTED else 0
        if child == 0:
            bootstrap.run(what, Invocations(event, int(calls), str(number)))
        if os.waitpid(child, 0)[1]:
            os._exit(1)
    os._exit(0)


main(*sys.argv[1:])
