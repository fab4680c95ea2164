"""How a rule fails: one line that says what to do, then one line for each offender."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pytest


def check(offenders: Iterable[object], remedy: str) -> None:
    """Fail with `remedy` and every offender; pass if there are none."""
    lines = [str(offender) for offender in offenders]
    if lines:
        pytest.fail("\n  ".join([f"{remedy}:", *lines]), pytrace=False)


def differing[Name](actual: Mapping[Name, Any], expected: Mapping[Name, Any], where: str) -> Iterator[str]:
    """Yield a line for each expected setting that is missing or has another value."""
    for name, value in expected.items():
        if actual.get(name) != value:
            yield f"{where}: {name} is {actual.get(name)!r}, not {value!r}"
