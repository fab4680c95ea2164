"""Users of the pool."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from dev.application.personal_data.person import Person
from dev.application.personal_data.stores import Finding
from dev.errors import DevError

_ATTRIBUTES = {"sub": "sub", "email": "email", "customer_id": "custom:customer_id"}
"""Attribute of the pool by field of Person."""


@dataclass(frozen=True)
class UserPool:
    """The user pool of a stack."""

    cognito: Any
    id: str

    def complete(self, person: Person) -> Person:
        """Add the identifiers that the person's user has. Raises DevError unless one user has all the given ones.

        A customer_id that other users have too is not added, because the products are theirs as well.
        """
        users = list(self._users())
        given = {field: getattr(person, field) for field in _ATTRIBUTES if getattr(person, field)}
        some = [user for user in users if any(_agrees(user, *each) for each in given.items())]
        found = [user for user in some if all(_agrees(user, *each) for each in given.items())]
        if len(found) > 1 or (some and not found):
            raise DevError(f"These are identifiers of {', '.join(map(_shown, some))}. Pass those of one person.")
        if not found:
            return person
        customer_id = found[0].get("custom:customer_id", "")
        is_shared = sum(each.get("custom:customer_id") == customer_id for each in users) > 1
        return replace(
            person,
            sub=found[0]["sub"],
            email=found[0].get("email", ""),
            customer_id=person.customer_id or ("" if is_shared else customer_id),
        )

    def find(self, person: Person) -> list[Finding]:
        """Find the person's user."""
        return [
            Finding("UserPool", _shown(user), "delete", lambda name=user["Username"]: self._delete(name))  # type: ignore[misc]
            for user in self._users()
            if person.is_in(user)
        ]

    def lock(self, person: Person) -> None:
        """Disable the person's user, and revoke their refresh tokens. Other tokens expire after 30 minutes."""
        for user in self._users():
            if person.is_in(user):
                self.cognito.admin_disable_user(UserPoolId=self.id, Username=user["Username"])
                self.cognito.admin_user_global_sign_out(UserPoolId=self.id, Username=user["Username"])

    def _delete(self, name: str) -> None:
        self.cognito.admin_delete_user(UserPoolId=self.id, Username=name)

    def _users(self) -> Iterator[dict[str, str]]:
        """Yield the attributes and the name of each user."""
        for page in self.cognito.get_paginator("list_users").paginate(UserPoolId=self.id):
            for user in page["Users"]:
                yield {each["Name"]: each["Value"] for each in user["Attributes"]} | {"Username": user["Username"]}


def _agrees(user: Mapping[str, str], field: str, value: str) -> bool:
    return user.get(_ATTRIBUTES[field], "").casefold() == value.casefold()


def _shown(user: Mapping[str, str]) -> str:
    return user.get("email", user["Username"])
