"""One event file, the same expected outcome everywhere: in process, on a stack, through `sam local`."""

import contextlib
import json
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.config import Config

from dev import in_memory, local_env, sam
from dev.buckets import Buckets
from dev.cases import Case, Outcome, problems_with, with_tokens, with_versions
from dev.daemon import Daemon
from dev.deployed_function import DeployedFunction, outcome
from dev.emulator import HOST, free_port, root_session
from dev.errors import DevError
from dev.stack import Stack
from dev.stored import Stored, Tables, key_names
from dev.template import Function, functions, load_template, resources

TARGETS = ("process", "stack", "sam-local")
START_SECONDS = 60
LOG_SECONDS = 10

type Invoke = Callable[[Function, dict[str, Any]], Outcome]


@dataclass(frozen=True)
class Target:
    """Where cases run: a way to invoke a function, and the tables and buckets it works on."""

    invoke: Invoke
    tables: Tables
    buckets: Buckets
    functions: Mapping[str, Function]
    """By name, such as `products/create`."""

    def run(self, case: Case) -> list[str]:
        """Run one case and put everything back as it was. Returns what was not as expected, in words."""
        if case.function not in self.functions:
            raise DevError(f"No function {case.function}. There are: {', '.join(self.functions)}")
        self._check_names(case.expect)
        buckets = self.buckets.seen_by(case.expect)
        # In this order: who is told of an object finds its item.
        stores: tuple[Stored, ...] = (self.tables, buckets)
        before = [store.read() for store in stores]
        try:
            prepared = [store.prepare(items, case.expect) for store, items in zip(stores, before, strict=True)]
            event = with_versions(case.event, buckets.version)
            problems = problems_with(case, self.invoke(self.functions[case.function], event))
            for store, items in zip(stores, prepared, strict=True):
                problems += store.problems(items, store.read(), case.expect)
            return problems
        finally:
            for store, items in zip(stores, before, strict=True):
                store.write(store.read(), items)

    def _check_names(self, expect: Mapping[str, Any]) -> None:
        known = {*self.tables.names, *self.buckets.names}
        if unknown := {*expect.get("given", {}), *expect.get("changes", {})} - known:
            raise DevError(f"Nothing named {', '.join(sorted(unknown))} to compare: {', '.join(sorted(known))}")


@contextlib.contextmanager
def target(name: str, stack: Stack) -> Iterator[Target]:
    """Provide a target by name; `stack` is needed for all but `process`."""
    if name not in TARGETS:
        raise DevError(f"No target {name}. There are: {', '.join(TARGETS)}")
    template = load_template()
    by_name = {function.name: function for function in functions(template).values()}
    keys = key_names(template)
    if name == "process":
        with in_memory.in_memory_aws(template):
            tables = Tables(
                in_memory.client("dynamodb"), {table: in_memory.physical_name(table) for table in keys}, keys
            )
            names = {bucket: in_memory.physical_name(bucket) for bucket in resources(template, "AWS::S3::Bucket")}
            yield Target(in_memory.invoke, tables, Buckets(in_memory.client("s3"), names), by_name)
        return
    status = stack.status()
    tables = Tables(stack.client("dynamodb"), status.tables, keys)
    buckets = Buckets(stack.client("s3"), status.buckets, others_write=True)
    if name == "stack":
        yield Target(deployed_invoke(stack), tables, buckets, by_name)
    else:
        with sam_local_invoke(stack) as invoke:
            yield Target(invoke, tables, buckets, by_name)


def deployed_invoke(stack: Stack) -> Invoke:
    """Return a way to invoke the deployed functions."""
    client, physical = stack.client("lambda"), stack.status().functions

    def invoke(function: Function, event: dict[str, Any]) -> Outcome:
        return DeployedFunction(client, physical[function.logical_id])(with_tokens(event, stack.token))

    return invoke


@contextlib.contextmanager
def sam_local_invoke(stack: Stack) -> Iterator[Invoke]:
    """Run `sam local start-lambda` against the stack's tables; provide a way to invoke its functions."""
    daemon = Daemon("start-lambda", stack.home)
    env_file = stack.home / "start-lambda-env.json"
    endpoint_url = local_env.write(stack, env_file)["AWS_ENDPOINT_URL"]
    port = free_port()
    command = sam.start_lambda(stack.build_dir / "template.yaml", env_file, port, endpoint_url)
    daemon.start(command, sam.environment(endpoint_url))
    try:
        _wait_for_port(port, daemon)
        yield _start_lambda_invoke(port, daemon.log, stack)
    finally:
        daemon.stop(timeout=30)  # it removes its containers


def _start_lambda_invoke(port: int, log: Path, stack: Stack) -> Invoke:
    # A cold container may take long, and a repeat of a call that is still running would be a second event.
    config = Config(read_timeout=120, retries={"total_max_attempts": 1})
    client = root_session().client("lambda", endpoint_url=f"http://{HOST}:{port}", config=config)

    def invoke(function: Function, event: dict[str, Any]) -> Outcome:
        start = log.stat().st_size
        payload = json.dumps(with_tokens(event, stack.token))
        answer = client.invoke(FunctionName=function.logical_id, Payload=payload)
        return outcome(answer, _log_of_invocation(log, start))

    return invoke


def _log_of_invocation(log: Path, start: int) -> str:
    """Return what was logged since `start`, once the report of the invocation is there."""
    deadline = time.monotonic() + LOG_SECONDS
    while True:
        text = log.read_bytes()[start:].decode(errors="replace")
        if "REPORT RequestId" in text or time.monotonic() > deadline:
            return text
        time.sleep(0.02)


def _wait_for_port(port: int, daemon: Daemon) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        if daemon.process() is None or time.monotonic() > deadline:
            raise DevError(f"`sam local start-lambda` did not start:\n{daemon.last_lines()}")
        time.sleep(0.1)
