"""`dev redrive`: send failed events again."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from dev.errors import exits_with
from dev.options import Json, Profile, Region, Since, StackName

if TYPE_CHECKING:
    from dev.redrive.stack import Result


def redrive(
    function: Annotated[str | None, typer.Argument(help="Logical id of a consumer. Default: all.")] = None,
    stack: StackName = None,
    profile: Profile = None,
    region: Region = None,
    since: Since = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List the failed events only.")] = False,
    as_json: Json = False,
) -> None:
    """Redrive failed events from the failure bucket. Exit 1 if any remains, 2 if the stack cannot be read."""
    from dev.application.deployed_stack import open_deployed
    from dev.application.project import find_consumer
    from dev.redrive.stack import open_redrive

    with exits_with(2):
        logical_id = None if function is None else find_consumer(function).logical_id
        found = open_redrive(open_deployed(stack, profile, region))
        results = found.run(logical_id, since, dry_run=dry_run)
        ended = _report(results, as_json=as_json)
    if any(result.state != "redriven" for result in ended):
        raise SystemExit(1)


def _report(results: "Iterable[Result]", *, as_json: bool) -> "list[Result]":
    """Print results as they come, or as one list of JSON, also if they end early. Return them."""
    ended = []
    try:
        for result in results:
            ended.append(result)
            if not as_json:
                print(result, flush=True)
    finally:
        if as_json:
            print(json.dumps([asdict(result) for result in ended], indent=2))
    redriven = sum(result.state == "redriven" for result in ended)
    if not as_json:
        print(f"{redriven} redriven, {len(ended) - redriven} remain")
    return ended
