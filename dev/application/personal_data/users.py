"""Users with a person's id or e-mail address, and the archive of their changes.

A user that the person put, but that is about somebody else, stays without its owner.
"""

import json
from collections.abc import Iterator
from dataclasses import replace

from dev.application.personal_data.person import Person
from dev.application.personal_data.stores import Finding, Item, Stores
from dev.errors import DevError

ARCHIVE = "UserArchiveBucket"
ATTEMPTS = 240
"""Seconds to wait for the record of a deletion."""


def _is_own(user: Item, person: Person) -> bool:
    user_id, email = user["UserId"]["S"], user.get("email", {}).get("S", "")
    return user_id == person.user_id or person.is_in(user_id) or person.has_email(email)


OWN = {"UsersTable": _is_own}


def find(stores: Stores, person: Person) -> Iterator[Finding]:
    """Find users, then their archived changes. The deletion of a user is archived too, so each one is awaited."""
    for user in stores.items("UsersTable"):
        if _is_own(user, person):
            yield _deletion(stores, user)
    for version in stores.versions(ARCHIVE):
        change = json.loads(stores.content(ARCHIVE, version) or "{}")
        if not change:
            continue
        if _is_own({"UserId": {"S": change["user_id"]}} | change["item"], person):
            yield stores.delete_version(ARCHIVE, version)
        elif person.is_in(change):
            content = json.dumps(person.replaced_in(change), ensure_ascii=False)
            yield stores.replace_version(ARCHIVE, version, content)


def _deletion(stores: Stores, user: Item) -> Finding:
    found = stores.delete("UsersTable", user)
    prefix = f"{user['UserId']['S']}/"

    def apply() -> None:
        before = set(stores.versions(ARCHIVE, prefix))
        found.apply()
        for _ in range(ATTEMPTS):
            stores.pause(1)
            new = set(stores.versions(ARCHIVE, prefix)) - before
            if any(json.loads(stores.content(ARCHIVE, each))["kind"] == "deleted" for each in new):
                return
        raise DevError(
            f"The archive has no record of the deletion of {found.name} after {ATTEMPTS} s. Repeat the command when "
            "OnUserChangeFunction has stored it."
        )

    return replace(found, apply=apply)
