"""Look into the tables of a stack, fill them, empty them, and see what each access pattern costs."""

import json
from collections.abc import Iterable
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from dev.application import demo_data
from dev.errors import DevError
from dev.tables import describe, items, patterns, show, workbench
from dev.tables.target import Place, ask_name, aws_errors, check_name, key_attributes, open_place

app = typer.Typer(help=__doc__, no_args_is_help=True)
_progress = Console(stderr=True, highlight=False, soft_wrap=True)

Stack = Annotated[str | None, typer.Option("--stack", "--stack-name", help="A stack on AWS, instead of the local one.")]
Profile = Annotated[str | None, typer.Option(help="Profile of the credentials for --stack; this shell's if none.")]
Region = Annotated[str | None, typer.Option(help="Region of --stack; this shell's if none.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask. For the local stack only.")]
Confirm = Annotated[
    str | None, typer.Option(metavar="NAME", help="The stack's name, in place of typing it: for pipelines.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for a program.")]
OneTable = Annotated[str, typer.Argument(metavar="TABLE", help="Such as products, or ProductsTable.")]
SomeTable = Annotated[str | None, typer.Argument(metavar="TABLE", help="Such as products; all if none.")]


@app.command(name="list")
def list_tables(stack: Stack = None, profile: Profile = None, region: Region = None, as_json: Json = False) -> None:
    """List the tables. On AWS items and bytes are up to six hours old.

    JSON: [{table, name, status, items, bytes}]
    """
    with aws_errors(stack):
        place = open_place(stack, profile, region)
        dynamodb = place.client("dynamodb")
        found = [describe.summary(dynamodb, *table) for table in place.tables.items()]
    _print(as_json, found, [show.tables(place.stack, found)])


@app.command(name="describe")
def describe_table(
    table: OneTable, stack: Stack = None, profile: Profile = None, region: Region = None, as_json: Json = False
) -> None:
    """Describe a table: keys, indexes, stream, time to live, backups, encryption, size.

    JSON: {table, name, status, keys: [{name, type, key}], indexes: [{name, keys, projection}], billing, stream, ttl,
    point_in_time_recovery, encryption, deletion_protection, items, bytes}; null and false for what is off
    """
    with aws_errors(stack):
        place = open_place(stack, profile, region)
        logical_id = place.find(table)
        described = describe.describe(place.client("dynamodb"), logical_id, place.tables[logical_id])
    _print(as_json, described, [show.facts(described)])


@app.command()
def scan(
    table: OneTable,
    limit: Annotated[int, typer.Option(min=1, help="How many items to read.")] = 25,
    after: Annotated[str | None, typer.Option(help="Key to go on after, as the page before printed it.")] = None,
    stack: Stack = None,
    profile: Profile = None,
    region: Region = None,
    as_json: Json = False,
) -> None:
    """Read a page of a table, in no order, and say what it cost.

    JSON: {table, items: [{attribute: value}], capacity_units, next: key or null}
    """
    with aws_errors(stack):
        place = open_place(stack, profile, region)
        logical_id = place.find(table)
        start = None if after is None else _key(after, key_attributes()[logical_id])
        page = items.scan(place.client("dynamodb"), place.tables[logical_id], limit, start)
    answer = {"table": logical_id, "items": page.items, "capacity_units": page.capacity_units, "next": page.next}
    _print(as_json, answer, show.page(logical_id, key_attributes()[logical_id], page))


@app.command()
def seed(
    table: SomeTable = None,
    stack: Stack = None,
    profile: Profile = None,
    region: Region = None,
    yes: Yes = False,
    confirm: Confirm = None,
    as_json: Json = False,
) -> None:
    """Add the demo data that are missing, to one table or to all. On AWS you type the stack's name first, or give it
    with --confirm.

    JSON: {table: items added}
    """
    with aws_errors(stack):
        place = open_place(stack, profile, region)
        chosen = _chosen(place, table)
        _allow_writes(place, "add demo data to", yes=yes, confirmed=confirm)
        added = demo_data.add_missing(place.client("dynamodb"), chosen)
    _print(as_json, added, [f"{sum(added.values())} items added."])


@app.command()
def drop(
    table: OneTable,
    stack: Stack = None,
    profile: Profile = None,
    region: Region = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Delete every item of a table; the table stays, since it is CloudFormation's. You type the stack's name first.

    Refused in production, and for a table that is protected from deletion. JSON: {table, deleted}
    """
    with aws_errors(stack):
        place = open_place(stack, profile, region)
        logical_id = place.find(table)
        name, dynamodb = place.tables[logical_id], place.client("dynamodb")
        if describe.is_protected(dynamodb, name):
            raise DevError(f"{logical_id} is protected from deletion. Nothing was changed.")
        _allow_writes(place, f"delete every item of {logical_id} in", yes=yes, ask_locally=True)
        deleted = items.delete_all(dynamodb, name, key_attributes()[logical_id])
    _print(as_json, {"table": logical_id, "deleted": deleted}, [f"{deleted} items deleted. The table stays."])


@app.command(name="patterns")
def run_patterns(
    table: SomeTable = None,
    read_only: Annotated[bool, typer.Option("--read-only", help="Show writes, but do not send them.")] = False,
    stack: Stack = None,
    profile: Profile = None,
    region: Region = None,
    yes: Yes = False,
    confirm: Confirm = None,
    as_json: Json = False,
) -> None:
    """Run each access pattern of docs/access-patterns.md on the demo data: its requests, their cost, the items.
    Exit 0 if all found what they need.

    Adds the demo data that are missing, and puts back what the patterns change. On AWS you type the stack's name
    first, or give it with --confirm; in production only --read-only works.

    JSON: [{name, table, source, requests: [{operation, request, sent, capacity_units, capacity_units_by_index, items,
    error}], refused}]
    """
    with aws_errors(stack):
        place = open_place(stack, profile, region)
        chosen = _chosen(place, table)
        if not read_only:
            _allow_writes(place, "add demo data to, and change and put back items of,", yes=yes, confirmed=confirm)
            demo_data.add_missing(place.client("dynamodb"), chosen)
        outcomes = []
        for each in patterns.run(place, list(chosen), read_only=read_only):
            outcomes.append(each)
            if not as_json:
                _print(as_json, None, show.outcome(each, key_attributes()[each.table]))
    if as_json:
        _print(as_json, [each.to_json() for each in outcomes], [])
    if not read_only and any(each.refused for each in outcomes):
        raise DevError("Not every pattern found what it needs: somebody changed the demo data.")


@app.command()
def model() -> None:
    """Print the model for NoSQL Workbench, made from template.yaml and the access patterns: docs/workbench.json."""
    print(workbench.to_text(workbench.model()))


def _chosen(place: Place, table: str | None) -> dict[str, str]:
    """Return the one table that was named, or all: names by logical id."""
    wanted = place.tables if table is None else [place.find(table)]
    return {logical_id: place.tables[logical_id] for logical_id in wanted}


def _allow_writes(
    place: Place, what: str, *, yes: bool, confirmed: str | None = None, ask_locally: bool = False
) -> None:
    """Raises DevError in production, and where the stack's name was needed and not given: `confirmed`, or typed."""
    if place.is_production():
        raise DevError(f"{place.stack} is in production. Nothing was changed.")
    if yes and not place.is_local:
        raise DevError("On AWS nothing is written without the stack's name: leave --yes out.")
    if confirmed is not None:
        check_name(place, confirmed)
    elif not place.is_local or (ask_locally and not yes):
        ask_name(place, what, lambda text: _progress.print(text, markup=False))


def _key(text: str, names: Iterable[str]) -> dict[str, Any]:
    try:
        values = json.loads(text)
        return demo_data.attribute_values({name: values[name] for name in names})
    except (ValueError, KeyError, TypeError):
        raise DevError(f"--after takes a key as JSON, with: {', '.join(names)}") from None


def _print(as_json: bool, answer: object, shown: Iterable[Table | str]) -> None:
    if as_json:
        print(json.dumps(answer, indent=2, ensure_ascii=False))
        return
    console = show.console()
    for each in shown:
        if isinstance(each, str):
            console.print(each, markup=False, soft_wrap=True)
        else:
            console.print(each)
