"""The identifiers of a person."""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FORGOTTEN = "forgotten"
"""Replaces the sub and the e-mail address of a person in items of other people."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """A person's identifiers; those that are not known are empty. `sub` is the id of their sign-in."""

    customer_id: str = ""
    email: str = ""
    sub: str = ""
    user_id: str = ""

    @functools.cached_property
    def _identifiers(self) -> re.Pattern[str]:
        """Only these two cannot be ordinary words. They are matched as whole words."""
        escaped = [re.escape(each) for each in (self.sub, self.email) if each]
        return re.compile(rf"(?i)(?<![\w.+-])({'|'.join(escaped)})(?![\w-]|\.\w)" if escaped else "(?!)")

    def is_in(self, value: Any) -> bool:
        """Return whether the sub or the e-mail address is in a JSON value, or in an item of attribute values."""
        return bool(self.replaced_in(value) != value)

    def has_email(self, email: str) -> bool:
        """Return whether this is the person's e-mail address, in upper or lower case."""
        return bool(self.email) and email.casefold() == self.email.casefold()

    def replaced_in(self, value: Any) -> Any:
        """Return a JSON value, or attribute values, with FORGOTTEN instead of the sub and the e-mail address."""
        match value:
            case str():
                return self._identifiers.sub(FORGOTTEN, value)
            case Mapping():
                return {name: self.replaced_in(each) for name, each in value.items()}
            case list():
                return [self.replaced_in(each) for each in value]
        return value
