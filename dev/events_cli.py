"""Check, make and capture event files."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from dev.application.project import load_openapi, load_template
from dev.errors import DevError
from dev.events import check as rules
from dev.events.sources import Application
from dev.paths import EVENTS
from dev.replay.cases import event_files

app = typer.Typer(help=__doc__, no_args_is_help=True)
_console = Console(highlight=False, soft_wrap=True)

Paths = Annotated[list[Path] | None, typer.Argument(help="Files or folders. Default: events/.", exists=True)]


@app.command()
def check(paths: Paths = None) -> None:
    """Check event files against Powertools' models, template.yaml and api/openapi.yaml. Exit 1 if any is wrong."""
    files = [file for root in paths or [EVENTS] for file in event_files(root)]
    if not files:
        raise DevError("No event file found. Pass an event file or a folder, not an .expect.json file.")
    application = Application(load_template(), load_openapi())
    found = {file: rules.problems(file, application) for file in files}
    for problem in (problem for problems in found.values() for problem in problems):
        _console.print(problem, markup=False)
    wrong = sum(map(bool, found.values()))
    _console.print(f"{len(files)} event files checked, {wrong} wrong")
    if wrong:
        raise SystemExit(1)
