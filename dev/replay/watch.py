"""Runs the cases that a change of code or events touches, as soon as files are saved."""

import multiprocessing
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import typer
import watchfiles

from dev.application.stack import Stack
from dev.errors import DevError
from dev.local_aws.signals import interruptible
from dev.paths import FUNCTIONS
from dev.replay import command, targets
from dev.replay.cases import expectation_of

_PRELOADED = [
    "dev.cli",
    "dev.replay.watch",
    "moto.dynamodb.responses",
    "moto.s3.responses",
    "moto.awslambda.models",
    "aws_lambda_powertools.logging",
    "aws_lambda_powertools.metrics",
    "aws_lambda_powertools.utilities.batch",
]
"""What every run imports, except the functions."""

_LOOK_MILLISECONDS = 100


def watch(roots: list[Path], choose: Callable[[], list[Path]]) -> None:
    """Run the chosen cases, then those that each change touches, until Ctrl-C."""
    # Each run is a new process, because Python does not reload changed modules. On Linux it is forked from one that
    # has imported the rest. On macOS a fork is not safe, so a run takes a second longer.
    on_linux = sys.platform == "linux"
    context = multiprocessing.get_context("forkserver") if on_linux else multiprocessing.get_context("spawn")
    context.set_forkserver_preload(_PRELOADED)

    def run(paths: list[Path]) -> None:
        process = context.Process(target=_run, args=(paths,))
        process.start()
        try:
            process.join()
        except KeyboardInterrupt:
            process.join()  # Ctrl-C has reached it too
            raise

    changed = watchfiles.watch(FUNCTIONS, *roots, rust_timeout=_LOOK_MILLISECONDS, yield_on_timeout=True)
    try:
        next(changed)  # starts to watch, so that no change is lost during the first run
        run(choose())
        typer.echo("Watching for changes. Press Ctrl-C to stop watching.", err=True)
        for changes in changed:
            if changes and (paths := touched({Path(path) for _, path in changes}, choose())):
                run(paths)
    except KeyboardInterrupt:
        typer.echo("Stopped watching.", err=True)


def touched(changed: Iterable[Path], cases: list[Path]) -> list[Path]:
    """Return the cases of changed event files and expectations, and those of features with changed code.

    Code outside the features of the cases, such as functions/shared, touches all.
    """
    features = {case.parent.parent.name for case in cases}
    parts = {path.relative_to(FUNCTIONS).parts[0] for path in changed if path.is_relative_to(FUNCTIONS)}
    if parts - features:
        return cases
    files = set(changed)
    return [
        case for case in cases if case.parent.parent.name in parts or not files.isdisjoint({case, expectation_of(case)})
    ]


def _run(paths: list[Path]) -> None:
    """Run cases and print their results, in a process of its own."""
    sys.dont_write_bytecode = True  # bytecode is out of date if a file is saved twice in a second at the same size
    try:
        with interruptible() as interrupted, targets.open_target("process", Stack()) as target:
            done = command.run_cases(target, "process", paths, interrupted, 1, exit_first=False, quiet=False)
            command.show(done, as_json=False, junit=None)
    except DevError as error:
        typer.echo(f"error: {error}", err=True)
