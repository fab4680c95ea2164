"""Targets of a replay: in this process, on a stack, through `sam local`."""

import contextlib
import functools
import itertools
import json
import re
import secrets
import socket
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from botocore.exceptions import ClientError, ParamValidationError

from dev.application import in_process
from dev.application.deployed_stack import DeployedStack, local
from dev.application.project import load_template
from dev.application.stack import Stack
from dev.errors import DevError
from dev.local_aws import invocation, sam, sam_local
from dev.local_aws.daemon import Daemon
from dev.local_aws.emulator import HOST, free_port, root_session
from dev.local_aws.invocation import SENT_ONCE, Outcome, outcome
from dev.local_aws.signals import signals_blocked
from dev.local_aws.template import Function, functions, key_names, resources
from dev.local_aws.waiting import poll, wait_for_start
from dev.replay.bucket_state import Buckets
from dev.replay.cases import Case, ids, with_id_of_answer, with_mark, with_tokens, with_versions
from dev.replay.comparison import problems_with
from dev.replay.explanation import explain_failure
from dev.replay.in_memory_state import InMemoryBuckets, InMemoryTables
from dev.replay.matching import Difference
from dev.replay.table_state import Items, Parts, Stored, Tables

type Name = Literal["process", "stack", "sam-local"]

type Invoke = Callable[[Function, dict[str, Any]], Outcome]
type Token = Callable[[str], str]
"""Returns an ID token of a user."""


class Marks:
    """Gives each case of a run unique ids, and finds the case of an item by these ids."""

    def __init__(self) -> None:
        self._run = secrets.token_hex(4)
        self._number = itertools.count()
        self._cases: dict[str, Case] = {}

    def give(self, case: Case) -> tuple[Case, str]:
        """Return a copy of a case with ids of its own, and the mark in them."""
        mark = f"{self._run}{next(self._number) % 0x10000:04x}"
        self._cases[mark] = with_mark(case, mark)
        return self._cases[mark], mark

    def case_of(self, text: str) -> str | None:
        """Return the name of the case that has an id in a text."""
        for mark in re.findall(rf"{self._run}[0-9a-f]{{4}}", text):
            case = self._cases.get(mark)
            if case and any(each in text for each in ids(case, mark)):
                return str(case)
        return None


@dataclass(frozen=True, slots=True)
class Observation:
    """What a case did: the outcome of its function, and the items of tables and of buckets before and after."""

    mark: str
    outcome: Outcome
    before: list[Items]
    after: list[Items]


@dataclass(frozen=True)
class Target:
    """Where cases run: a way to invoke a function, and the tables and buckets it works on."""

    invoke: Invoke
    tables: Tables
    buckets: Buckets
    functions: Mapping[str, Function]
    """By name, such as `products/create`."""
    has_users: bool = True
    """Whether there are tokens for cases that need one."""
    alone: bool = False
    """Whether nothing else writes, so that a case compares all tables and buckets. Else it reads only what it names."""
    _marks: Marks = field(default_factory=Marks)

    def run(self, case: Case) -> list[str]:
        """Run one case with its own ids, and remove the items with these ids. Return blocks of text if it failed."""
        try:
            own, seen = self.observe(case)
            states = zip(self.kinds, seen.before, seen.after, strict=True)
            changes = (each for kind, before, after in states for each in kind.changes(before, after))
            found = self.problems(own, seen)
            return explain_failure(found, changes, seen.outcome) if found else []
        except (DevError, ClientError, ParamValidationError) as error:
            return [f"the case cannot run: {error}"]

    def observe(self, case: Case) -> tuple[Case, Observation]:
        """Run one case with its own ids, and remove the items with these ids. Return it as it ran, and what it did.

        Raises DevError, ClientError or ParamValidationError if it cannot run.
        """
        own, mark = self._marks.give(case)
        function = self._function(own)
        for kind in self.kinds:
            kind.check(own.expect, mark)
        self._check_stores(own.expect)
        return own, self._observe(function, own, mark)

    def problems(self, case: Case, seen: Observation) -> list[Difference]:
        """Return where what a case did is not as it expects. `case` has the ids with which it ran."""
        expect = with_id_of_answer(case.expect, seen.outcome)
        found = problems_with(expect, seen.outcome)
        for kind, before, after in zip(self.kinds, seen.before, seen.after, strict=True):
            found += kind.problems(before, after, expect)
        return found

    def remove_remains(self) -> list[str]:
        """Remove items and objects that contain an id of a case that ran. Return the items, in words.

        Normally no item remains. Objects can remain, because a function may write a thumbnail after the case has ended.
        """
        remains = []
        for table, items in self.tables.read().items():
            for key, item in items.items():
                if case := self._marks.case_of(str(item)):
                    self.tables.delete(table, key)
                    remains.append(
                        f"{case} left an item behind: {table} {key}. "
                        "If it should, add the item to the expectation: dev replay --record"
                    )
        for bucket in self.buckets.names:
            for name, version in self.buckets.versions(bucket):
                if self._marks.case_of(name):
                    self.buckets.delete(bucket, name, version)
        return remains

    @property
    def kinds(self) -> tuple[Stored, ...]:
        """In this order, a function that is notified of a given object finds its item."""
        return self.tables, self.buckets

    def _observe(self, function: Function, case: Case, mark: str) -> Observation:
        expect, after = case.expect, None
        try:
            given = [kind.put(expect) for kind in self.kinds]
            outcome = self.invoke(function, with_versions(case.event, self.buckets.version))
            expect = with_id_of_answer(expect, outcome)
            after = self._read(expect, mark)
            return Observation(mark, outcome, given, after)
        finally:
            with signals_blocked():
                for kind, found in zip(self.kinds, after or self._read(expect, mark), strict=True):
                    kind.remove(self._parts(kind, expect, mark), found)

    def _read(self, expect: Mapping[str, Any], mark: str) -> list[Items]:
        return [kind.read(self._parts(kind, expect, mark)) for kind in self.kinds]

    def _parts(self, kind: Stored, expect: Mapping[str, Any], mark: str) -> Parts:
        return kind.everything if self.alone else kind.parts(expect, mark)

    def _function(self, case: Case) -> Function:
        if case.function not in self.functions:
            raise DevError(f"No function {case.function}. There are: {', '.join(self.functions)}")
        return self.functions[case.function]

    def _check_stores(self, expect: Mapping[str, Any]) -> None:
        known = {*self.tables.names, *self.buckets.names}
        if unknown := {*expect.get("given", {}), *expect.get("changes", {})} - known:
            raise DevError(f"No table or bucket {', '.join(sorted(unknown))}. There are: {', '.join(sorted(known))}")


@contextlib.contextmanager
def open_target(name: Name, stack: Stack) -> Iterator[Target]:
    """Provide a target by name; `stack` is needed for all but `process`."""
    if name == "process":
        template = load_template()
        keys = key_names(template)
        with in_process.in_memory_aws(template), in_process.token_issuer() as token:
            of_tables = {table: in_process.physical_name(table) for table in keys}
            of_buckets = {bucket: in_process.physical_name(bucket) for bucket in resources(template, "AWS::S3::Bucket")}
            yield Target(
                _invoke_in_process(token),
                InMemoryTables(in_process.client("dynamodb"), of_tables, keys),
                InMemoryBuckets(in_process.client("s3"), of_buckets),
                _by_name(template),
                alone=True,
            )
        return
    deployed = local(stack)
    if name == "stack":
        yield deployed_target(deployed, stack.token)
    else:
        with sam_local_invoke(stack) as invoke:
            yield replace(deployed_target(deployed, stack.token), invoke=invoke)


def _invoke_in_process(token: Token) -> Invoke:
    return lambda function, event: in_process.invoke(function, with_tokens(event, token))


def deployed_target(deployed: DeployedStack, token: Token | None = None) -> Target:
    """Return a deployed stack as a target. Without `token`, cases that need one are skipped. Raises DevError."""
    template = load_template()
    return Target(
        deployed_invoke(deployed, token),
        Tables(deployed.client("dynamodb"), deployed.tables, key_names(template)),
        Buckets(deployed.client("s3"), deployed.resources.get("AWS::S3::Bucket", {})),
        _by_name(template),
        has_users=token is not None,
    )


def _by_name(template: Mapping[str, Any]) -> dict[str, Function]:
    return {function.name: function for function in functions(template).values()}


def deployed_invoke(deployed: DeployedStack, token: Token | None = None) -> Invoke:
    """Return a way to invoke the deployed functions, from several threads too. It signs each user in once."""
    client, names = deployed.client("lambda", config=SENT_ONCE), deployed.resources["AWS::Lambda::Function"]
    token = functools.cache(token or in_process.no_token)
    deployed.client("cognito-idp")  # threads may use the same client, but not create one

    def invoke(function: Function, event: dict[str, Any]) -> Outcome:
        if function.logical_id not in names:
            how = "Deploy it with: dev up" if deployed.is_local else "Deploy the current template.yaml."
            raise DevError(f"{function.logical_id} is not deployed. {how}")
        return invocation.invoke(client, names[function.logical_id], with_tokens(event, token))

    return invoke


@contextlib.contextmanager
def sam_local_invoke(stack: Stack) -> Iterator[Invoke]:
    """Run `sam local start-lambda` against the stack's tables; provide a way to invoke its functions."""
    with tempfile.TemporaryDirectory(prefix="start-lambda-", dir=stack.home) as folder:  # other replays have others
        daemon = Daemon("start-lambda", Path(folder))
        endpoint_url = sam_local.write(stack, daemon.home)["AWS_ENDPOINT_URL"]
        port = free_port()
        command = sam.local("start-lambda", daemon.home, port)
        daemon.start(command, sam.environment(endpoint_url))
        try:
            if not wait_for_start(lambda: _listens(port), daemon.is_running, "`sam local start-lambda`"):
                raise DevError(f"`sam local start-lambda` did not start:\n{daemon.last_lines()}")
            yield _start_lambda_invoke(port, daemon.log, stack)
        finally:
            daemon.stop(timeout=30)  # it removes its containers


def _start_lambda_invoke(port: int, log: Path, stack: Stack) -> Invoke:
    client = root_session().client("lambda", endpoint_url=f"http://{HOST}:{port}", config=SENT_ONCE)

    def invoke(function: Function, event: dict[str, Any]) -> Outcome:
        start = log.stat().st_size
        payload = json.dumps(with_tokens(event, stack.token))
        answer = client.invoke(FunctionName=function.logical_id, Payload=payload)
        return outcome(answer, _log_of_invocation(log, start))

    return invoke


def _log_of_invocation(log: Path, start: int) -> str:
    """Return what was logged since `start`, once the report of the invocation is there."""
    return poll(
        lambda: log.read_bytes()[start:].decode(errors="replace"),
        lambda text: "REPORT RequestId" in text,
        "the log of the function",
    )


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0
