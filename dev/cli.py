"""Run, inspect and test the application on this machine."""

import json
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console

from dev import tables_cli as tables
from dev.application import walkthrough
from dev.application.project import find_function, load_template
from dev.application.stack import Stack, Status
from dev.errors import DevError
from dev.fork.project import write_fork  # fork
from dev.local_aws import logs, sam_local, shell
from dev.local_aws.watch import watch_stack
from dev.paths import EVENTS
from dev.redrive.stack import Result, redrive_stack, redrive_stack_on_aws
from dev.replay import targets as replay
from dev.replay.cases import event_files, load_case, load_json
from dev.replay.explain_filter import explain

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.add_typer(tables.app, name="tables")
app.command()(tables.seed)
console = Console(highlight=False, soft_wrap=True)
progress = Console(stderr=True, highlight=False, soft_wrap=True)


def main() -> None:
    """Run a command. A DevError ends it with a message and exit code 1, Ctrl-C with exit code 130."""
    try:
        app()
    except DevError as error:
        print(f"error: {error}", file=sys.stderr)
        raise SystemExit(1) from None


def _reporter() -> Callable[[str], None]:
    started = time.monotonic()
    return lambda message: progress.print(f"{time.monotonic() - started:5.1f} s  {message}", markup=False)


@app.command()
def up(
    watch: Annotated[bool, typer.Option("--watch", help="Then deploy each change when it is saved.")] = False,
) -> None:
    """Start the local AWS, build and deploy changes, and add users and demo data."""
    stack = Stack()
    stack.up(_reporter())
    _print_status(stack.status())
    if watch:
        watch_stack(stack, lambda message: progress.print(f"{time.strftime('%H:%M:%S')}  {message}", markup=False))


@app.command()
def down(
    delete: Annotated[bool, typer.Option("--delete", help="Also delete the data.")] = False,
) -> None:
    """Stop every process of the local stack. Its data is kept for the next `dev up`."""
    ran = Stack().down(_reporter(), delete=delete)
    console.print(("Stopped" if ran else "It was not running") + ("; data deleted." if delete else "; data kept."))


@app.command()
def status(
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Show addresses, API key and users of the running stack. With --json, also tables, buckets and functions."""
    stack = Stack()
    current = stack.status()
    if not stack.poller.is_running():
        progress.print("The stream poller is not running. Start it again with: dev up")
    if as_json:
        print(json.dumps(current.to_json(), indent=2))
    else:
        _print_status(current)


@app.command()
def demo() -> None:
    """Send a request to every part of the API. Exit 1 if an answer is not the expected one."""
    stack = Stack()
    stack.status()
    if not stack.poller.is_running():
        raise DevError("The stream poller is not running. Start it again with: dev up")
    walkthrough.run(stack, lambda line: console.print(line, markup=False))
    console.print("Everything worked. Sign in with a user above; stop with: make down", markup=False)


@app.command()
def token(user: Annotated[str, typer.Argument(help="E-mail address, or the part before the @.")]) -> None:
    """Sign a user in and print the ID token for the Authorization header."""
    print(Stack().token(user))


@app.command()
def env(
    off: Annotated[bool, typer.Option("--off", help='Undo it: eval "$(dev env --off)".')] = False,
) -> None:
    """Prepare this shell for `sam local`: eval "$(dev env)". Writes .local/sam-local/."""
    stack = Stack()
    if off:
        print(shell.unset(sam_local.VARIABLES))
    else:
        print(shell.export(sam_local.write(stack, stack.home / "sam-local")))
        progress.print('AWS is the local stack in this shell. Undo it with: eval "$(dev env --off)"', markup=False)


@app.command()
def invoke(
    function: Annotated[str, typer.Argument(help="Logical id, or folder and file, such as orders/create.")],
    event: Annotated[Path, typer.Argument(help="Event file.", exists=True, dir_okay=False)],
) -> None:
    """Send an event file to a deployed function. Print its result, and its log on stderr. Exit 1 if it failed."""
    outcome = replay.deployed_invoke(Stack())(find_function(function), load_json(event))
    print(outcome.log.rstrip(), file=sys.stderr)
    if outcome.error is not None:
        raise DevError(f"{function} raised: {outcome.error}")
    print(json.dumps(outcome.result, indent=2, default=float))


@app.command(name="replay")
def replay_events(
    events: Annotated[
        list[Path] | None, typer.Argument(help="Files or folders. Default: events/.", exists=True)
    ] = None,
    target: Annotated[str, typer.Option(help=f"One of: {', '.join(replay.TARGETS)}.")] = "stack",
) -> None:
    """Replay event files and compare the results with the expectations. Each case uses its own ids.

    The first Ctrl-C lets the current case finish; the second one stops it. Both remove what the cases wrote.
    """
    paths = [path for root in events or [EVENTS] for path in event_files(root)]
    if not paths:
        raise DevError("No event file found. Pass an event file or a folder, not an .expect.json file.")
    ran = failed = 0
    with replay.interruptible() as interrupted, replay.target(target, Stack()) as place:
        try:
            for path in paths:
                if interrupted():
                    break
                problems = _replay(place, path)
                ran += 1
                failed += bool(problems)
        finally:
            remains = place.remove_remains()
            for line in remains:
                console.print(f"FAIL {line}", markup=False)
    console.print(f"{ran - failed} passed, {failed} failed on {target}")
    if code := interrupted():
        progress.print(f"Interrupted: {len(paths) - ran} did not run.")
        raise SystemExit(code)
    if failed or remains:
        raise SystemExit(1)


def _replay(place: replay.Target, path: Path) -> list[str]:
    """Replay one file and print the result. Return the problems."""
    name = str(path)
    try:
        case = load_case(path)
        name, problems = str(case), place.run(case)
    except DevError as error:
        problems = [str(error)]
    lines = [line for problem in problems for line in problem.splitlines()]
    console.print("\n     ".join([f"{'FAIL' if problems else 'ok  '} {name}", *lines]), markup=False)
    return problems


@app.command(name="redrive")
def redrive_failures(
    function: Annotated[str | None, typer.Argument(help="Logical id of a consumer. Default: all.")] = None,
    stack_name: Annotated[
        str | None,
        typer.Option("--stack", "--stack-name", help="Stack on AWS, with the credentials and region of this shell."),
    ] = None,
    since: Annotated[datetime | None, typer.Option(help="Ignore events that failed before this time, in UTC.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List the failed events only.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the results as JSON.")] = False,
) -> None:
    """Redrive failed events from the failure bucket. Exit 1 if any remains, 2 if the stack cannot be read."""
    try:
        logical_id = None if function is None else find_function(function).logical_id
        found = redrive_stack_on_aws(stack_name) if stack_name else redrive_stack(Stack())
        results = found.run(logical_id, since.replace(tzinfo=UTC) if since else None, dry_run=dry_run)
        ended = _report(results, as_json=as_json)
    except (DevError, BotoCoreError, ClientError) as error:
        print(f"error: {error}", file=sys.stderr)
        raise SystemExit(2) from None
    if any(result.state != "redriven" for result in ended):
        raise SystemExit(1)


def _report(results: Iterable[Result], *, as_json: bool) -> list[Result]:
    """Print results as they come, or as one list of JSON. Return them."""
    ended = []
    for result in results:
        ended.append(result)
        if not as_json:
            console.print(str(result), markup=False)
    redriven = sum(result.state == "redriven" for result in ended)
    if as_json:
        print(json.dumps([asdict(result) for result in ended], indent=2))
    else:
        console.print(f"{redriven} redriven, {len(ended) - redriven} remain")
    return ended


@app.command(name="filter")
def explain_filter(
    event: Annotated[Path, typer.Argument(help="Event file of a stream.", exists=True, dir_okay=False)],
) -> None:
    """Show whether the stream mappings deliver or drop each record of an event file, and why."""
    for line in explain(load_template(), load_json(event), event):
        console.print(line, markup=False)


@app.command(name="logs")
def show_logs(
    function: Annotated[str | None, typer.Argument(help="Logical id of a function. Default: all.")] = None,
    follow: Annotated[bool, typer.Option("--follow", help="Continue until Ctrl-C.")] = False,
) -> None:
    """Show the log lines of functions, oldest first."""
    if follow:
        progress.print("Waiting for new log lines. Press Ctrl-C to stop.")
    entries = logs.follow(Stack(), function) if follow else logs.read(Stack(), function)
    for entry in entries:
        print(entry.format(), flush=True)


# fork
@app.command()
def fork(
    directory: Annotated[Path, typer.Argument(help="Folder of the new repository. It must be new or empty.")],
    name: Annotated[str, typer.Option(help="Name of the project and prefix of its stacks, such as my-shop.")],
    features: Annotated[str, typer.Option(help="Features to keep, separated by commas.")],
) -> None:
    """Write a new repository with some features only: products, users, media, messages."""
    write_fork(directory, name, [feature.strip() for feature in features.split(",")])
    console.print(f"{name} is in {directory}, with {features}. Next: cd {directory} && make check && make run")


# /fork
def _print_status(current: Status) -> None:
    addresses = {
        "page": current.page_url,
        "API": current.api_url,
        "AWS": current.endpoint_url,
        "key": current.api_key,
    }
    for name, value in addresses.items():
        if value:
            console.print(f"{name:<5} {value}", markup=False)
    for user in current.users:
        role = user.customer_id or ", ".join(user.groups)
        console.print(f"user  {user.email:<18} {role:<10} {user.password}", markup=False)


if __name__ == "__main__":
    main()
