"""Read, fill and empty the tables of a stack, and measure the cost of access patterns."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dev.errors import DevError
from dev.options import Confirm, Json, Profile, Region, StackName

if TYPE_CHECKING:
    from rich.table import Table

    from dev.application.deployed_stack import DeployedStack

app = typer.Typer(help=__doc__, no_args_is_help=True)

OneTable = Annotated[
    str, typer.Argument(metavar="TABLE", help="Logical id of a table; the ending Table may be left out.")
]
SomeTable = Annotated[
    str | None,
    typer.Argument(metavar="TABLE", help="Logical id of a table; the ending Table may be left out. Default: all."),
]


@app.command(name="list")
def list_tables(stack: StackName = None, profile: Profile = None, region: Region = None, as_json: Json = False) -> None:
    """List the tables. On AWS, the numbers of items and bytes are up to six hours old.

    JSON: [{table, name, status, items, bytes}]
    """
    from dev.application.deployed_stack import open_deployed
    from dev.tables import describe, show

    deployed = open_deployed(stack, profile, region)
    dynamodb = deployed.client("dynamodb")
    found = [describe.summary(dynamodb, *table) for table in deployed.tables.items()]
    _print(as_json, found, [show.tables(deployed.name, found)])


@app.command(name="describe")
def describe_table(
    table: OneTable, stack: StackName = None, profile: Profile = None, region: Region = None, as_json: Json = False
) -> None:
    """Describe a table: keys, indexes, stream, time to live, backups, encryption, size.

    JSON: {table, name, status, keys: [{name, type, key}], indexes: [{name, keys, projection}], billing, stream, ttl,
    point_in_time_recovery, encryption, deletion_protection, items, bytes}; null or false if a setting is off or not
    emulated
    """
    from dev.application.deployed_stack import open_deployed
    from dev.tables import describe, show

    deployed = open_deployed(stack, profile, region)
    logical_id = deployed.find(table)
    described = describe.describe(deployed.client("dynamodb"), logical_id, deployed.tables[logical_id])
    _print(as_json, described, [show.settings(described, is_local=deployed.is_local)])


@app.command()
def scan(
    table: OneTable,
    limit: Annotated[int, typer.Option(min=1, help="How many items to read.")] = 25,
    after: Annotated[str | None, typer.Option(help="Key to continue after, as the previous page printed it.")] = None,
    stack: StackName = None,
    profile: Profile = None,
    region: Region = None,
    as_json: Json = False,
) -> None:
    """Read a page of a table, unordered, and show its cost.

    JSON: {table, items: [{attribute: value}], capacity_units, next: key or null}
    """
    from dev.application.deployed_stack import key_attributes, open_deployed
    from dev.tables import items, show

    deployed = open_deployed(stack, profile, region)
    logical_id = deployed.find(table)
    start = None if after is None else _key(after, key_attributes()[logical_id])
    page = items.scan(deployed.client("dynamodb"), deployed.tables[logical_id], limit, start)
    answer = {"table": logical_id, "items": page.items, "capacity_units": page.capacity_units, "next": page.next}
    _print(as_json, answer, show.page(logical_id, key_attributes()[logical_id], page))


@app.command()
def seed(
    table: SomeTable = None,
    stack: StackName = None,
    profile: Profile = None,
    region: Region = None,
    confirm: Confirm = None,
    as_json: Json = False,
) -> None:
    """Add the demo data that is missing, to one table or to all.

    On AWS, type the stack's name to confirm, or pass --confirm NAME.

    JSON: {table: items added}
    """
    from dev.application import demo_data
    from dev.application.deployed_stack import allow_writes, open_deployed

    deployed = open_deployed(stack, profile, region)
    chosen = _chosen(deployed, table)
    allow_writes(deployed, "adds demo data to", confirm)
    added = demo_data.add_missing(deployed.client("dynamodb"), chosen)
    _print(as_json, added, [f"{sum(added.values())} items added."])


@app.command()
def drop(
    table: OneTable,
    stack: StackName = None,
    profile: Profile = None,
    region: Region = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation. Local stack only.")] = False,
    as_json: Json = False,
) -> None:
    """Delete all items of a table. The table remains. Type the stack's name to confirm.

    Not allowed in production, or if the table has deletion protection. JSON: {table, deleted}
    """
    from dev.application.deployed_stack import ask_name, key_attributes, open_deployed, reject_production
    from dev.tables import describe, items

    deployed = open_deployed(stack, profile, region)
    logical_id = deployed.find(table)
    name, dynamodb = deployed.tables[logical_id], deployed.client("dynamodb")
    if describe.is_protected(dynamodb, name):
        raise DevError(f"{logical_id} has deletion protection. Nothing was changed.")
    reject_production(deployed)
    if yes and not deployed.is_local:
        raise DevError("On AWS, --yes is not enough. Omit it and type the stack's name.")
    if not yes:
        ask_name(deployed, f"deletes every item of {logical_id} in")
    # The table belongs to CloudFormation: without it, the next update of the stack would fail.
    deleted = items.delete_all(dynamodb, name, key_attributes()[logical_id])
    _print(as_json, {"table": logical_id, "deleted": deleted}, [f"{deleted} items deleted. The table remains."])


@app.command()
def restore(
    table: OneTable,
    copy: Annotated[str, typer.Option("--from", metavar="NAME", help="Table that DynamoDB restored, by its name.")],
    stack: StackName = None,
    profile: Profile = None,
    region: Region = None,
    confirm: Confirm = None,
    as_json: Json = False,
) -> None:
    """Put back deleted items, from a copy that point-in-time recovery restored. Items that exist stay as they are.

    Also in production. On AWS, type the stack's name to confirm, or pass --confirm NAME. JSON: {table, restored}
    """
    from dev.application.deployed_stack import confirm_writes, key_attributes, open_deployed
    from dev.tables import items

    deployed = open_deployed(stack, profile, region)
    logical_id = deployed.find(table)
    dynamodb, names = deployed.client("dynamodb"), key_attributes()[logical_id]
    if copy in deployed.tables.values():
        raise DevError(f"{copy} is a table of the stack, not a copy. Nothing was changed.")
    items.require_copy(dynamodb, copy, logical_id, names)
    confirm_writes(deployed, f"puts items of {copy} into {logical_id} in", confirm)
    restored = items.put_missing(dynamodb, copy, deployed.tables[logical_id], names)
    answer = {"table": logical_id, "restored": restored}
    _print(as_json, answer, [f"{restored} items restored. Delete the copy when you have checked them."])


@app.command(name="patterns")
def run_patterns(
    table: SomeTable = None,
    read_only: Annotated[bool, typer.Option("--read-only", help="Show writes without sending them.")] = False,
    stack: StackName = None,
    profile: Profile = None,
    region: Region = None,
    confirm: Confirm = None,
    as_json: Json = False,
) -> None:
    """Run each access pattern of docs/access-patterns.md on the demo data. Show requests, cost and items.
    Exit 1 if demo data has been changed.

    Adds the demo data that is missing, and restores what the patterns change. On AWS, type the stack's name to
    confirm, or pass --confirm NAME. In production, only --read-only works.

    JSON: [{name, table, source, requests: [{operation, request, sent, capacity_units, capacity_units_by_index, items,
    error}], rejected}]
    """
    from dev.application import demo_data
    from dev.application.deployed_stack import allow_writes, key_attributes, open_deployed
    from dev.tables import patterns, show

    deployed = open_deployed(stack, profile, region)
    chosen = _chosen(deployed, table)
    if not read_only:
        allow_writes(deployed, "adds, changes and restores items of", confirm)
        demo_data.add_missing(deployed.client("dynamodb"), chosen)
    outcomes = []
    for each in patterns.run(deployed, list(chosen), read_only=read_only):
        outcomes.append(each)
        if not as_json:
            _print(as_json, None, show.outcome(each, key_attributes()[each.table]))
    if as_json:
        _print(as_json, [each.to_json() for each in outcomes], [])
    if not read_only and any(each.rejected for each in outcomes):
        raise DevError(
            "A pattern failed, because demo data was changed. Its error is printed above. "
            "To replace the data of its table: dev tables drop TABLE, then dev tables seed TABLE"
        )


@app.command()
def model() -> None:
    """Print the model for NoSQL Workbench (docs/workbench.json), generated from template.yaml and access patterns."""
    from dev.tables import workbench

    print(workbench.to_text(workbench.model()))


def _chosen(deployed: "DeployedStack", table: str | None) -> dict[str, str]:
    """Return the named table, or all: physical names by logical id."""
    wanted = deployed.tables if table is None else [deployed.find(table)]
    return {logical_id: deployed.tables[logical_id] for logical_id in wanted}


def _key(text: str, names: Iterable[str]) -> dict[str, Any]:
    from dev.application import demo_data

    try:
        values = json.loads(text)
        return demo_data.attribute_values({name: values[name] for name in names})
    except (ValueError, KeyError, TypeError):
        raise DevError(f"--after takes a key as JSON with these attributes: {', '.join(names)}") from None


def _print(as_json: bool, answer: object, shown: "Iterable[Table | str]") -> None:
    if as_json:
        print(json.dumps(answer, indent=2, ensure_ascii=False))
        return
    from dev.tables import show

    console = show.console()
    for each in shown:
        if isinstance(each, str):
            console.print(each, markup=False, soft_wrap=True)
        else:
            console.print(each)
