"""Check and make event files. `dev capture` makes them of what a function received."""

import itertools
import json
from pathlib import Path
from typing import Annotated

import typer

from dev.errors import DevError
from dev.options import FunctionName, Json, Profile, Region, Since, StackName, parse_time
from dev.paths import EVENTS, FUNCTIONS, LOCAL, ROOT

app = typer.Typer(help=__doc__, no_args_is_help=True)

Paths = Annotated[list[Path] | None, typer.Argument(help="Files or folders. Default: events/.", exists=True)]


@app.command()
def check(paths: Paths = None) -> None:
    """Check event files against Powertools' models, template.yaml and api/openapi.yaml. Exit 1 if any is wrong."""
    from dev.application.project import load_openapi, load_template
    from dev.events.check import problems
    from dev.events.sources import Application
    from dev.replay.cases import event_files, expectations_without_event

    application = Application(load_template(), load_openapi())
    found = [problems(file, application) for file in event_files(*paths or [])]
    lone = [str(path).replace(f"{ROOT}/", "") for path in expectations_without_event(*paths or [])]
    found += [[f"{path} has no event beside it. Add the event, or delete the expectation"] for path in lone]
    for problem in dict.fromkeys(itertools.chain(*found)):  # one of the contract concerns many files
        print(problem)
    wrong = sum(map(bool, found))
    print(f"{len(found)} event file{'' if len(found) == 1 else 's'} checked, {wrong} wrong")
    if wrong:
        raise SystemExit(1)


@app.command()
def coverage(as_json: Json = False) -> None:
    """Show which statuses and outcomes of each function have an event file, and which have none.

    JSON: [{function, outcomes: {outcome: number of events}, without_event: ["outcome"]}]
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from dev.application.project import load_openapi, load_template
    from dev.events import coverage as outcomes
    from dev.events.sources import Application
    from dev.replay.cases import event_files, load_case

    application = Application(load_template(), load_openapi())
    found = outcomes.coverage(application, map(load_case, event_files()))
    if as_json:
        print(json.dumps([each.to_json() for each in found], indent=2))
        return
    grid = Table("function", "outcomes with events", "without", box=box.SIMPLE_HEAD)
    for each in found:
        covered = [f"{outcome} ({events})" for outcome, events in each.outcomes.items() if events]
        grid.add_row(each.function, ", ".join(covered), Text(", ".join(each.without_event), style="yellow"))
    Console(highlight=False).print(grid)


@app.command()
def new(
    function: FunctionName,
    case: Annotated[str, typer.Argument(help="Name of the new case, such as not-found.")],
) -> None:
    """Write an event of a function, and a first expectation: its successful outcome."""
    from dev.application import demo_data
    from dev.application.project import find_function, load_openapi, load_template
    from dev.events import files
    from dev.events.new import new_case
    from dev.events.sources import Application, Stream

    application = Application(load_template(), load_openapi())
    found = find_function(function)
    written = files.write(EVENTS / found.name, case, *new_case(application, found))
    for path in written:
        print(f"wrote {path.relative_to(ROOT)}")
    match application.sources(found):
        case [Stream(table), *_] if not demo_data.ITEMS.get(table):
            module = f"dev/application/demo_data/{found.name.partition('/')[0]}.py"
            print(f"{table} has no demo data: complete NewImage, or add {module} first.")
    print("Next: add `given` and headers if the case needs them.")
    print(f"Then: dev replay --record {written[0].relative_to(ROOT)}")


def capture(
    function: FunctionName,
    since: Since = None,
    stack: StackName = None,
    profile: Profile = None,
    region: Region = None,
) -> None:
    """Make event files of a function's invocations, without personal data, tokens and account ids.

    Looks at invocations of the last hour, unless --since is given.
    The log must contain the events: dev up --log-events, or sam deploy with LogEvents=true.
    """
    from dev.application.deployed_stack import open_deployed
    from dev.application.project import find_function, load_openapi, load_template
    from dev.events import files
    from dev.events.capture import Capture, NotCapturedError, invocations, read_log, secret_key
    from dev.events.scrub import Scrubber, vocabulary
    from dev.events.sources import Application

    application, found = Application(load_template(), load_openapi()), find_function(function)
    start = since or parse_time("1h")
    logged = invocations(read_log(open_deployed(stack, profile, region), found, start))
    if not logged:
        raise DevError(
            f"The log of {found.logical_id} has no event since {start:%Y-%m-%dT%H:%M:%S}Z. Switch event logging on "
            "with: dev up --log-events. On AWS, deploy with LogEvents=true. Then send requests to the stack."
        )
    scrubber = Scrubber(secret_key(LOCAL / "capture.key"), vocabulary(FUNCTIONS, application.contract))
    making = Capture(application, found, scrubber).with_ids_of(logged)
    for invocation in logged:
        folder, case = EVENTS / found.name, making.name(invocation)
        path = folder / f"{case}.json"
        try:
            if path.exists():
                print(f"kept {path.relative_to(ROOT)}")
            else:
                files.write(folder, case, *making.case(invocation))
                print(f"new  {path.relative_to(ROOT)}")
        except NotCapturedError as error:
            print(f"skip {case}: {error}")
