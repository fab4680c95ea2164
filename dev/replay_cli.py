"""Replay event files and compare the results with their expectations."""

from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import typer

from dev.errors import DevError, exits_with
from dev.options import Confirm, Json, Profile, Region, StackName
from dev.paths import EVENTS


def replay(
    events: Annotated[
        list[Path] | None, typer.Argument(help="Files or folders. Default: events/.", exists=True)
    ] = None,
    name: Annotated[
        Literal["process", "stack", "sam-local"] | None,
        typer.Option("--target", help="Default: stack, or process with --record or --watch."),
    ] = None,
    only: Annotated[
        str | None, typer.Option("-k", metavar="TEXT", help="Only cases whose name contains TEXT, such as create/ok.")
    ] = None,
    exit_first: Annotated[bool, typer.Option("-x", help="Stop after the first failure.")] = False,
    stack: StackName = None,
    profile: Profile = None,
    region: Region = None,
    confirm: Confirm = None,
    jobs: Annotated[int, typer.Option(min=1, help="Cases at a time, on a stack only.")] = 1,
    record: Annotated[
        bool, typer.Option("--record", help="First write or update the expectations. Show the differences and ask.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="With --record, do not ask.")] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Then run the cases that a change of code or events touches, until Ctrl-C.")
    ] = False,
    as_json: Json = False,
    junit: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also write a JUnit report.", dir_okay=False)
    ] = None,
) -> None:
    """Replay event files and compare the results with their expectations, as docs/expectations.md describes.

    Each case uses its own ids.

    Exit 1 if a case failed, 2 if none can run, 130 after Ctrl-C and 143 after SIGTERM. The first signal lets the
    current case finish; the second one stops it. Both remove what the cases wrote.

    On AWS, type the stack's name to confirm, or pass --confirm NAME. Production is rejected.

    JSON: {target, passed, failed, skipped, not_run, seconds, cases: [{name, outcome: passed, failed or skipped,
    seconds, problems}]}
    """
    from dev.application.stack import Stack
    from dev.local_aws.signals import interruptible
    from dev.replay import command, targets

    with exits_with(2):
        name = name or ("process" if record or watch else "stack")
        roots = events or [EVENTS]
        if junit and not junit.parent.is_dir():
            raise DevError(f"There is no folder {junit.parent} for the report.")
        _check_options(name, stack, record=record, watch=watch, jobs=jobs, of_aws=profile or region or confirm)
        if watch and (record or exit_first or as_json or junit):
            raise DevError("--watch cannot be combined with --record, -x, --json or --junit. Leave them out.")
        paths = command.chosen(roots, only)
        if watch:
            from dev.replay.watch import watch as watch_cases

            watch_cases(roots, lambda: command.chosen(roots, only))
            raise SystemExit(130)
        local = Stack()
        if stack is None and name == "stack":
            local.report_changes(partial(typer.echo, err=True))
        if record:
            with targets.open_target(name, local) as target:
                command.record(target, paths, yes=yes)
        opened = (
            targets.open_target(name, local) if stack is None else command.stack_on_aws(stack, profile, region, confirm)
        )
        with interruptible() as interrupted, opened as target:
            done = command.run_cases(
                target, stack or name, paths, interrupted, jobs, exit_first=exit_first, quiet=as_json
            )
            code = interrupted()
    command.show(done, as_json=as_json, junit=junit)
    raise SystemExit(code or bool(done.failed))


def _check_options(target: str, stack: str | None, *, record: bool, watch: bool, jobs: int, of_aws: str | None) -> None:
    """Raise DevError if options contradict each other."""
    if record and (target != "process" or stack):
        raise DevError(
            "--record needs --target process, because other clients can write to the tables of other targets."
        )
    if watch and (target != "process" or stack):
        raise DevError("--watch needs --target process. On a stack, use dev up --watch.")
    if jobs > 1 and target != "stack":
        raise DevError(f"--jobs needs --target stack. On {target}, one case runs after the other.")
    if stack and target != "stack":
        raise DevError("--stack needs --target stack.")
    if of_aws and stack is None:
        raise DevError("--profile, --region and --confirm need --stack.")
