"""Replay event files and compare the results with their expectations."""

import json
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Annotated

import typer
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError
from rich.console import Console
from rich.progress import Progress

from dev.application.stack import Stack
from dev.errors import DevError
from dev.paths import EVENTS
from dev.replay import record as recorder
from dev.replay import report, targets
from dev.replay.cases import event_files
from dev.replay.explanation import coloured
from dev.replay.run import Replay, Result, case_name, run
from dev.replay.targets import Target
from dev.tables.target import ask_name, check_name, open_place

_JOBS_ON_A_STACK = 4

_console = Console(highlight=False, soft_wrap=True)
_progress = Console(stderr=True, highlight=False, soft_wrap=True)


def replay(
    events: Annotated[
        list[Path] | None, typer.Argument(help="Files or folders. Default: events/.", exists=True)
    ] = None,
    target: Annotated[
        str | None,
        typer.Option(help=f"One of: {', '.join(targets.TARGETS)}. Default: stack, or process with --record."),
    ] = None,
    only: Annotated[
        str | None, typer.Option("-k", metavar="TEXT", help="Only cases whose name contains TEXT, such as create/ok.")
    ] = None,
    exit_first: Annotated[bool, typer.Option("-x", "--exitfirst", help="Stop after the first failure.")] = False,
    stack: Annotated[
        str | None,
        typer.Option("--stack", "--stack-name", metavar="NAME", help="Stack on AWS instead of the local one."),
    ] = None,
    profile: Annotated[str | None, typer.Option(help="Credentials profile for --stack. Default: the shell's.")] = None,
    confirm: Annotated[
        str | None, typer.Option(metavar="NAME", help="Name of the stack on AWS, instead of typing it. For pipelines.")
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, help=f"Cases at a time, on a stack only. Default: {_JOBS_ON_A_STACK} there.")
    ] = None,
    record: Annotated[
        bool, typer.Option("--record", help="First write or update the expectations. Show the differences and ask.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="With --record, do not ask.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    junit: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also write a JUnit report.", dir_okay=False)
    ] = None,
) -> None:
    """Replay event files and compare the results with their expectations, as docs/expectations.md describes.

    Each case uses its own ids.

    Exit 1 if a case failed, 2 if none can run, 130 after Ctrl-C and 143 after SIGTERM. The first signal lets the
    current case finish; the second one stops it. Both remove what the cases wrote.

    On AWS, type the stack's name to confirm, or pass --confirm NAME. Production is refused.

    JSON: {target, passed, failed, skipped, not_run, seconds, cases: [{name, outcome: passed, failed or skipped,
    seconds, problems}]}
    """
    try:
        name = target or ("process" if record else "stack")
        _check_options(name, stack, record=record, jobs=jobs, of_aws=profile or confirm)
        paths = _chosen(events or [EVENTS], only)
        opened = targets.target(name, Stack()) if stack is None else _stack_on_aws(stack, profile, confirm)
        with targets.interruptible() as interrupted, opened as place:
            if record:
                _record(place, paths, yes=yes)
            at_once = (jobs or _JOBS_ON_A_STACK) if name == "stack" else 1
            done = _run(place, stack or name, paths, interrupted, at_once, exit_first=exit_first, quiet=as_json)
            code = interrupted()
    except (DevError, BotoCoreError, ClientError) as error:
        print(f"error: {error}", file=sys.stderr)
        raise SystemExit(2) from None
    if junit:
        report.write_junit(junit, done)
    if as_json:
        print(json.dumps(report.to_json(done), indent=2, ensure_ascii=False))
    else:
        _print_summary(done)
    raise SystemExit(code or bool(done.failed))


def _chosen(roots: list[Path], only: str | None) -> list[Path]:
    paths = [path for root in roots for path in event_files(root)]
    if not paths:
        raise DevError("No event file found. Pass an event file or a folder, not an .expect.json file.")
    chosen = [path for path in dict.fromkeys(paths) if only is None or only in case_name(path)]
    if not chosen:
        raise DevError(f"None of {len(paths)} cases has {only} in its name.")
    return chosen


def _check_options(target: str, stack: str | None, *, record: bool, jobs: int | None, of_aws: str | None) -> None:
    """Raise DevError if options contradict each other."""
    if record and target != "process":
        raise DevError("--record needs --target process: on other targets, nobody knows what else writes.")
    if target != "stack" and (jobs or stack):
        raise DevError(f"--jobs and --stack need --target stack. On {target}, one case runs after the other.")
    if of_aws and stack is None:
        raise DevError("--profile and --confirm need --stack.")


def _stack_on_aws(name: str, profile: str | None, confirmed: str | None) -> AbstractContextManager[Target]:
    """Return a stack on AWS that the user confirms. Raises DevError."""
    place = open_place(name, profile, None)
    if place.is_production():
        raise DevError(f"{name} is in production. Nothing was changed.")
    if confirmed is None:
        ask_name(place, "writes and deletes items and objects of test cases in", _progress.print)
    else:
        check_name(place, confirmed)
    return nullcontext(targets.deployed_target(place))


def _record(place: Target, paths: list[Path], *, yes: bool) -> None:
    """Show what each expectation would become, and write it if the user agrees. Nothing is written without a change."""
    for path in paths:
        try:
            recording = recorder.record(place, path)
        except (DevError, ClientError, ParamValidationError) as error:
            _progress.print(f"cannot record {case_name(path)}: {error}", markup=False)
            continue
        difference = recording.difference()
        for line in difference:
            _progress.print(line, markup=False, style={"+": "green", "-": "red"}.get(line[:1]))
        if not difference:
            continue
        if not (yes or sys.stdin.isatty()):
            raise DevError("Nothing was written. Pass --yes to write without being asked.")
        if yes or typer.confirm("Write it?", err=True):
            recording.write()


def _run(
    place: Target,
    name: str,
    paths: list[Path],
    interrupted: Callable[[], int | None],
    jobs: int,
    *,
    exit_first: bool,
    quiet: bool,
) -> Replay:
    """Run cases, and print each result unless `quiet`. What a case leaves behind is a failure of its own."""
    results: list[Result] = []

    def stopped() -> bool:
        return interrupted() is not None or (exit_first and any(each.problems for each in results))

    def note(result: Result) -> None:
        results.append(result)
        if not quiet:
            _print(result)

    started = time.monotonic()
    try:
        for result in _with_progress(run(place, paths, stopped, jobs), len(paths), shown=not quiet):
            note(result)
    finally:
        seconds, ran = time.monotonic() - started, len(results)
        for line in place.remove_remains():
            note(Result("cleanup", 0, [line]))
    return Replay(name, seconds, results, len(paths) - ran)


def _with_progress(results: Iterator[Result], total: int, *, shown: bool) -> Iterator[Result]:
    """Show a progress bar on a terminal."""
    with Progress(console=_console, transient=True, disable=not (shown and _console.is_terminal)) as progress:
        yield from progress.track(results, total=total, description="")


def _print(result: Result) -> None:
    word = {"passed": "ok  ", "failed": "FAIL", "skipped": "skip"}[result.outcome]
    _console.print(f"{word} {result.name}  {result.seconds:.3f} s", markup=False)
    for text in filter(None, [*result.problems, result.skipped]):
        _console.print(coloured(textwrap.indent(f"{text}\n", "     ")))


def _print_summary(done: Replay) -> None:
    cases = len(done.results)
    _console.print(
        f"{done.passed} passed, {done.failed} failed{f', {done.skipped} skipped' if done.skipped else ''} "
        f"on {done.target}: "
        f"{cases} cases in {done.seconds:.1f} s, {cases / done.seconds:.0f} events a second"
    )
    if done.not_run:
        _console.print(f"{done.not_run} did not run.")
