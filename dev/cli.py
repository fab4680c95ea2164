"""Run, inspect and test the application on this machine."""

import json
import os
import shlex
import sys
import time
import tomllib
from functools import partial
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from dev import changes_cli, cost_cli, demo_cli, deploy_cli, events_cli, forget_cli, logs_cli, redrive_cli, replay_cli
from dev import tables_cli as tables
from dev.errors import DevError, exits_with
from dev.options import FunctionName, Json
from dev.paths import ROOT

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


def main() -> None:
    """Run a command. Errors that a user can correct end it with a message and exit code 1, Ctrl-C with code 130."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # not every locale has a tick
    _bypass_proxies()
    with exits_with(1):
        app()


def _bypass_proxies() -> None:
    """Let requests to the local stack go to no proxy, also those of the processes that this one starts."""
    others = os.environ.get("no_proxy") or os.environ.get("NO_PROXY")
    os.environ["no_proxy"] = os.environ["NO_PROXY"] = ",".join(filter(None, ["127.0.0.1,localhost", others]))


def _show_version(wanted: bool) -> None:
    if wanted:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
        print(f"{project['name']} {project['version']}")
        raise typer.Exit


@app.callback()
def dev(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Run, inspect and test the application on this machine."""


@app.command(rich_help_panel="Run")
def up(
    log_events: Annotated[bool, typer.Option("--log-events", help="Log each event, for `dev capture`.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Then deploy each change when it is saved.")] = False,
) -> None:
    """Start the local AWS, build and deploy changes, and add users and demo data."""
    from dev.application.stack import Stack
    from dev.local_aws.watch import watch_stack
    from dev.progress import reporting

    stack = Stack(parameters={"LogEvents": "true" if log_events else "false"})
    with reporting() as report:
        stack.up(report)
    print("\n".join(stack.status().lines()))
    if watch:
        watch_stack(stack, lambda message: typer.echo(f"{time.strftime('%H:%M:%S')}  {message}", err=True))


@app.command(rich_help_panel="Run")
def down(
    delete: Annotated[bool, typer.Option("--delete", help="Also delete the data.")] = False,
) -> None:
    """Stop every process of the local stack. Its data is kept for the next `dev up`."""
    from dev.application.stack import Stack
    from dev.progress import reporting

    with reporting() as report:
        ran = Stack().down(report, delete=delete)
    print(("Stopped" if ran else "The local stack was not running") + ("; data deleted." if delete else "; data kept."))


@app.command(rich_help_panel="Run")
def status(
    as_json: Json = False,
) -> None:
    """Show addresses, API key and users of the running stack. With --json, also tables, buckets and functions."""
    from dev.application.stack import Stack

    stack = Stack()
    current = stack.status()
    if stack.poller.is_missing():
        typer.echo("The stream poller is not running. Start it again with: dev up", err=True)
    stack.report_changes(partial(typer.echo, err=True))
    if as_json:
        print(json.dumps(current.to_json(), indent=2))
    else:
        print("\n".join(current.lines()))


app.command(rich_help_panel="Run")(demo_cli.demo)


@app.command(rich_help_panel="Run")
def token(user: Annotated[str, typer.Argument(help="E-mail address, or the part before the @.")]) -> None:
    """Sign a user in and print the ID token for the Authorization header."""
    from dev.application.stack import Stack

    print(Stack().token(user))


@app.command(rich_help_panel="Run")
def env(
    off: Annotated[bool, typer.Option("--off", help='Undo it: eval "$(dev env --off)".')] = False,
) -> None:
    """Prepare this shell for `sam local`: eval "$(dev env)". Writes .local/sam-local/.

    --off unsets the variables that it set. It does not restore earlier values.
    """
    from dev.application.stack import Stack
    from dev.local_aws import sam_local, shell

    stack = Stack()
    if off:
        print(shell.unset(sam_local.VARIABLES))
    else:
        print(shell.export(sam_local.write(stack, stack.home / "sam-local")))
        typer.echo('AWS is the local stack in this shell. Undo it with: eval "$(dev env --off)"', err=True)


app.command(name="logs", rich_help_panel="Inspect")(logs_cli.logs)


@app.command(rich_help_panel="Inspect")
def invoke(
    function: FunctionName,
    event: Annotated[Path, typer.Argument(help="Event file.", exists=True, dir_okay=False)],
) -> None:
    """Send an event file to a deployed function. Print its result, and its log on stderr. Exit 1 if it failed."""
    from dev.application.deployed_stack import local
    from dev.application.project import find_function
    from dev.application.stack import Stack
    from dev.replay.cases import load_json
    from dev.replay.targets import deployed_invoke

    stack = Stack()
    stack.report_changes(partial(typer.echo, err=True))
    outcome = deployed_invoke(local(stack), stack.token)(find_function(function), load_json(event))
    print(outcome.log.rstrip(), file=sys.stderr)
    if outcome.error is not None:
        raise DevError(f"{function} raised: {outcome.error}")
    print(json.dumps(outcome.result, indent=2, default=float))


@app.command(name="filter", rich_help_panel="Inspect")
def explain_filter(
    event: Annotated[Path, typer.Argument(help="Event file of a stream.", exists=True, dir_okay=False)],
    as_json: Json = False,
) -> None:
    """Show whether the stream mappings deliver or drop each record of an event file, and why.

    JSON: [{mapping, table, function, records: [{delivered, reason}]}]
    """
    from dev.application.project import load_template
    from dev.replay.cases import load_json
    from dev.replay.explain_filter import explain, verdicts

    found = verdicts(load_template(), load_json(event), event)
    print(json.dumps(found, indent=2, ensure_ascii=False) if as_json else "\n".join(explain(found)))


@app.command(rich_help_panel="Inspect")
def openapi() -> None:
    """Print the contract for generators of clients: without API Gateway's settings, with the body of each error."""
    from dev.application.client_contract import client_contract
    from dev.application.project import load_openapi

    print(json.dumps(client_contract(load_openapi()), indent=2))


app.command(rich_help_panel="Inspect")(cost_cli.cost)
app.command(rich_help_panel="Inspect")(changes_cli.changes)
app.command(rich_help_panel="Test")(replay_cli.replay)
app.add_typer(events_cli.app, name="events", rich_help_panel="Test")
app.command(rich_help_panel="Test")(events_cli.capture)
app.command(rich_help_panel="Data")(tables.seed)
app.add_typer(tables.app, name="tables", rich_help_panel="Data")
app.command(rich_help_panel="Data")(forget_cli.forget)


app.command(rich_help_panel="Repair")(redrive_cli.redrive)
app.command(rich_help_panel="Deploy")(deploy_cli.deploy)


# fork
@app.command(rich_help_panel="Fork")
def fork(
    directory: Annotated[Path, typer.Argument(help="Folder of the new repository. It must be new or empty.")],
    name: Annotated[str, typer.Option(help="Name of the project and prefix of its stacks, such as my-shop.")],
    features: Annotated[str, typer.Option(help="Features to keep, separated by commas.")],
) -> None:
    """Write a new repository with some features only: products, users, media, messages."""
    from dev.fork.project import write_fork

    write_fork(directory, name, [feature.strip() for feature in features.split(",")])
    first = "make check && git add --all && git commit --message=Fork && make run"
    print(f"{name} is in {directory}, with {features}. Next: cd {shlex.quote(str(directory))} && {first}")


# /fork
if __name__ == "__main__":
    main()
