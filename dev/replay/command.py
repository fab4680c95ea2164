"""What `dev replay` does: choose, confirm, record, run and print cases."""

import json
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from botocore.exceptions import ClientError, ParamValidationError
from rich.console import Console
from rich.progress import Progress

from dev.application.deployed_stack import allow_writes, open_deployed
from dev.errors import DevError
from dev.replay import record as recorder
from dev.replay import report, targets
from dev.replay.cases import case_name, event_files
from dev.replay.explanation import coloured
from dev.replay.run import Replay, Result, run
from dev.replay.targets import Target

_console = Console(highlight=False, soft_wrap=True)
_progress = Console(stderr=True, highlight=False, soft_wrap=True)


def chosen(roots: list[Path], only: str | None) -> list[Path]:
    paths = event_files(*roots)
    found = [path for path in paths if only is None or only in case_name(path)]
    if not found:
        raise DevError(
            f"None of {len(paths)} cases has {only} in its name. "
            "Pass a part of a path below events/, such as create/ok."
        )
    return found


def stack_on_aws(
    name: str, profile: str | None, region: str | None, confirmed: str | None
) -> AbstractContextManager[Target]:
    """Return a stack on AWS that the user confirms. Raises DevError."""
    deployed = open_deployed(name, profile, region)
    allow_writes(deployed, "writes and deletes items and objects of test cases in", confirmed)
    return nullcontext(targets.deployed_target(deployed))


def record(target: Target, paths: list[Path], *, yes: bool) -> None:
    """Show what each expectation would become, and write it if the user agrees. Nothing is written without a change."""
    for path in paths:
        try:
            recording = recorder.record(target, path)
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
        if not yes:
            _progress.print("Write it? [y/N] ", markup=False, end="")
        if yes or sys.stdin.readline().strip().lower() in ("y", "yes"):
            recording.write()


def run_cases(
    target: Target,
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
        for result in _with_progress(run(target, paths, stopped, jobs), len(paths), shown=not quiet):
            note(result)
    finally:
        seconds, ran = time.monotonic() - started, len(results)
        for line in target.remove_remains():
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


def show(done: Replay, *, as_json: bool, junit: Path | None) -> None:
    """Print the summary of a replay or its JSON, and write a JUnit report if it is wanted."""
    if junit:
        report.write_junit(junit, done)
    if as_json:
        print(json.dumps(report.to_json(done), indent=2, ensure_ascii=False))
    else:
        _print_summary(done)


def _print_summary(done: Replay) -> None:
    cases = len(done.results)
    _console.print(
        f"{done.passed} passed, {done.failed} failed{f', {done.skipped} skipped' if done.skipped else ''} "
        f"on {done.target}: "
        f"{cases} cases in {done.seconds:.1f} s, {cases / done.seconds:.0f} events a second"
    )
    if done.not_run:
        _console.print(f"{done.not_run} did not run.")
