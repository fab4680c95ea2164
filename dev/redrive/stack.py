"""Redrives the failed events of one stack. Consumers are idempotent, so a redrive can be interrupted and repeated."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Literal

from botocore.config import Config
from botocore.exceptions import ClientError

from dev.application.deployed_stack import DeployedStack
from dev.errors import DevError
from dev.local_aws.invocation import LONGEST_INVOCATION_SECONDS, InvokeFunction, invoke
from dev.redrive.invocation_record import InvocationRecord, parse

BUCKET = "FailureBucket"
"""Logical id."""

type State = Literal["redriven", "failed", "waiting"]
_WORDS = {"redriven": "ok  ", "failed": "FAIL", "waiting": "wait"}


@dataclass(frozen=True, slots=True)
class Result:
    """One object of the failure bucket: deleted if its event is redriven, else kept."""

    key: str
    function: str
    condition: str
    failed_at: str
    records: int
    ids: tuple[str, ...]
    state: State
    problem: str = ""

    def __str__(self) -> str:
        ids = ", ".join([*self.ids[:3], *(["…"] if len(self.ids) > 3 else [])])  # noqa: PLR2004
        event = f"{self.function} {self.condition} {self.failed_at}, records: {self.records} ({ids})"
        return ": ".join(filter(None, [f"{_WORDS[self.state]} {event if self.function else self.key}", self.problem]))


@dataclass(frozen=True, slots=True)
class Redrive:
    """The failure bucket of one stack, and the stack's functions: logical ids by name."""

    s3: Any
    bucket: str
    functions: Mapping[str, str]
    invoke: InvokeFunction

    def run(self, function: str | None, since: datetime | None, *, dry_run: bool) -> Iterator[Result]:
        """Redrive the events of one function (logical id) or of all, per source in the order of failure.

        Events that failed before `since` are ignored. A dry run changes nothing.
        """
        for page in self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket):
            for listed in page.get("Contents", []):
                if since is None or listed["LastModified"] >= since:
                    yield from self._redrive(listed["Key"], function, dry_run=dry_run)

    def _redrive(self, key: str, chosen: str | None, *, dry_run: bool) -> Iterator[Result]:
        try:
            content = self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        except self.s3.exceptions.NoSuchKey:  # another redrive was faster
            return
        record = parse(content)
        function = self.functions.get(record.function, "") if record else ""
        if chosen not in (None, function):
            return
        if record is None or not function:
            problem = "This object is not an invocation record of a function in this stack."
            yield Result(key, "", "", "", 0, (), "failed", problem)
            return
        problems = [] if dry_run else self._problems(record)
        state: State = "waiting" if dry_run else "failed" if problems else "redriven"
        if state == "redriven":
            self.s3.delete_object(Bucket=self.bucket, Key=key)
        ids = record.ids
        yield Result(key, function, record.condition, record.failed_at, len(ids), ids, state, "; ".join(problems))

    def _problems(self, record: InvocationRecord) -> list[str]:
        """Send the event. If several stream records fail together, send each alone. Return what failed."""
        problem = self._problem(record.function, record.event)
        if not problem or len(record.stream_records) < 2:  # noqa: PLR2004
            return [problem] if problem else []
        single = (self._problem(record.function, {"Records": [each]}) for each in record.stream_records)
        return [f"{name} {problem}" for name, problem in zip(record.ids, single, strict=True) if problem]

    def _problem(self, function: str, event: dict[str, Any]) -> str:
        try:
            outcome = self.invoke(function, event)
        except ClientError as error:  # such as a missing right, or too many invocations
            return str(error)
        if outcome.error is not None:
            return outcome.error or "failed"
        reported = isinstance(outcome.result, dict) and outcome.result.get("batchItemFailures")
        return "reported by the function" if reported else ""


def open_redrive(deployed: DeployedStack) -> Redrive:
    """Return the redrive of a stack. Raises DevError."""
    physical = deployed.resources
    bucket = physical.get("AWS::S3::Bucket", {}).get(BUCKET)
    if bucket is None:
        raise DevError(f"The stack {deployed.name} has no {BUCKET}: deploy the current template.yaml.")
    lambda_ = deployed.client("lambda", config=Config(read_timeout=LONGEST_INVOCATION_SECONDS + 10))
    names = {name: logical_id for logical_id, name in physical["AWS::Lambda::Function"].items()}
    return Redrive(deployed.client("s3"), bucket, names, partial(invoke, lambda_))
