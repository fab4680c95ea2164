"""`dev forget`: remove one person from a stack, and search for what is left."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from dev.errors import DevError
from dev.options import Confirm, Json, Profile, Region, StackName

if TYPE_CHECKING:
    from dev.application.personal_data.stores import Finding


def forget(
    customer: Annotated[str, typer.Argument(metavar="CUSTOMER", help="customer_id of the person.")] = "",
    email: Annotated[str, typer.Option(help="E-mail address of the person.")] = "",
    sub: Annotated[str, typer.Option(help="Id of the person's sign-in (sub).")] = "",
    user: Annotated[str, typer.Option(help="user_id of the person.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list what would be removed.")] = False,
    stack: StackName = None,
    profile: Profile = None,
    region: Region = None,
    confirm: Confirm = None,
    as_json: Json = False,
) -> None:
    """Remove one person's data from tables, buckets and the user pool, and search for what is left.

    Exit 1 if any data is left.

    One identifier is enough if the user pool has a user with it. On AWS, type the stack's name to confirm, or pass
    --confirm NAME. Repeat the command with all identifiers that it prints if it was interrupted.

    JSON: {person: {customer_id, email, sub, user_id}, removed: [{store, name, action}], left: [{store, name, action}]};
    a dry run removes nothing, so left is all
    """
    from dev.application.deployed_stack import confirm_writes, open_deployed
    from dev.application.personal_data.person import Person
    from dev.forget.stack import open_stack

    if not (customer or email or sub or user):
        raise DevError("Pass a CUSTOMER, --email, --sub or --user.")
    if "@" in customer:
        raise DevError(f"{customer} is not a customer_id. Pass an e-mail address as --email.")
    deployed = open_deployed(stack, profile, region)
    if confirm is not None or not dry_run:
        confirm_writes(deployed, "removes a person from", confirm)
    found = open_stack(deployed)
    person = found.pool.complete(Person(customer_id=customer, email=email, sub=sub, user_id=user))
    known = ", ".join(f"{name} {value}" for name, value in asdict(person).items() if value)
    typer.echo(f"Person: {known}", err=True)
    removed = [] if dry_run else _shown("removed", found.remove(person), as_json=as_json)
    left = _shown("found" if dry_run else "LEFT", found.left(person), as_json=as_json)
    if as_json:
        lists = {"removed": removed, "left": left}
        shown = {name: [_to_json(finding) for finding in each] for name, each in lists.items()}
        print(json.dumps({"person": asdict(person), **shown}, indent=2, ensure_ascii=False))
    elif not (removed or left):
        print("Nothing was found. Check the spelling.")
    else:
        print(f"{len(left)} found" if dry_run else f"{len(removed)} removed, {len(left)} left")
    if left and not dry_run:
        raise SystemExit(1)


def _shown(mark: str, findings: "Iterable[Finding]", *, as_json: bool) -> "list[Finding]":
    """Return all findings, and print each one as it comes."""
    seen = []
    for finding in findings:
        seen.append(finding)
        line = f"{mark} {finding.action:<7} {finding.store} {finding.name}"
        typer.echo(line, err=as_json)
    return seen


def _to_json(finding: "Finding") -> dict[str, str]:
    return {"store": finding.store, "name": finding.name, "action": finding.action}
