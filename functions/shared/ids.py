"""Ids that the application generates: 32 hexadecimal digits."""

import re
import uuid

_ID = re.compile(r"[0-9a-f]{32}")

TIME_AND_ID = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z#[0-9a-f]{32}", re.ASCII)
"""A sort key `{time}#{id}`: by time, and by id within a millisecond."""


def new_id() -> str:
    """Return a random id."""
    return uuid.uuid4().hex


def is_id(text: str) -> bool:
    """Return whether `new_id` could have returned `text`."""
    return _ID.fullmatch(text) is not None
