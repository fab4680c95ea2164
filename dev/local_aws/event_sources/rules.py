"""One comparison of a Lambda event filter, such as `"INSERT"` or `{"prefix": "A"}`."""

import json
import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from dev.errors import DevError

_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Rule:
    """Compares one value of a record. `words` completes "it is …"."""

    words: str
    accepts: Callable[[Any], bool]
    presence: bool | None = None
    """For `exists`: whether the field must be present. None for all other rules, which need a value."""


def parse_rule(rule: Any, where: str) -> Rule:
    """Return the rule of an element in a pattern's list. Raises DevError with its position `where`."""
    if rule is None or isinstance(rule, str | bool | int | float):
        return Rule(json.dumps(rule), lambda value: _equal(value, rule))
    if not isinstance(rule, dict) or len(rule) != 1:
        raise DevError(f"{where}: {json.dumps(rule)} is neither a value nor one comparison")
    ((name, wanted),) = rule.items()
    if name not in _PARSERS:
        raise DevError(f"{where}: no comparison {name}. There are: {', '.join(_PARSERS)}")
    return _PARSERS[name](wanted, f"{where}: {name}")


def _exists(wanted: Any, where: str) -> Rule:
    if not isinstance(wanted, bool):
        raise DevError(f"{where} takes true or false")
    return Rule("present" if wanted else "missing", lambda _: wanted, presence=wanted)


def _affix(words: str, has: Callable[[str, str], bool], wanted: Any, where: str) -> Rule:
    if not isinstance(wanted, str) or not wanted:
        raise DevError(f"{where} must be a string that is not empty")
    return Rule(
        f"a text that {words} {json.dumps(wanted)}", lambda value: isinstance(value, str) and has(value, wanted)
    )


def _equals_ignore_case(wanted: Any, where: str) -> Rule:
    if not isinstance(wanted, str):
        raise DevError(f"{where} must be a string")
    return Rule(
        f"{json.dumps(wanted)} in any case",
        lambda value: isinstance(value, str) and value.casefold() == wanted.casefold(),
    )


def _anything_but(wanted: Any, where: str) -> Rule:
    if isinstance(wanted, dict):
        if wanted.keys() not in ({"prefix"}, {"suffix"}):
            raise DevError(f"{where} takes values, a prefix or a suffix")
        unwanted = [parse_rule(wanted, where)]
    else:
        values = wanted if isinstance(wanted, list) else [wanted]
        if not values or not (all(map(_is_number, values)) or all(isinstance(value, str) for value in values)):
            raise DevError(f"{where} must be strings or numbers")
        unwanted = [parse_rule(value, where) for value in values]
    return Rule(f"anything but {either(unwanted)}", lambda value: not any(rule.accepts(value) for rule in unwanted))


def _numeric(wanted: Any, where: str) -> Rule:
    pairs = list(zip(wanted[::2], wanted[1::2], strict=False)) if isinstance(wanted, list) else []
    if len(pairs) not in {1, 2} or len(wanted) % 2:
        raise DevError(f'{where} takes one or two pairs such as [">", 0, "<=", 5]')
    for sign, limit in pairs:
        if sign not in _COMPARISONS or not _is_number(limit):
            raise DevError(f"{where}: {json.dumps([sign, limit])} is not one of {' '.join(_COMPARISONS)} and a number")
    if len(pairs) > 1 and not (pairs[0][0].startswith(">") and pairs[1][0].startswith("<")):
        raise DevError(f"{where}: {json.dumps(wanted)} has to be a lower limit, then an upper limit")
    # DynamoDB writes numbers as texts, {"N": "5"}, so numeric rules never match them, as on AWS.
    return Rule(
        "a number " + " and ".join(f"{sign} {limit}" for sign, limit in pairs),
        lambda value: _is_number(value) and all(_COMPARISONS[sign](value, limit) for sign, limit in pairs),
    )


_PARSERS: dict[str, Callable[[Any, str], Rule]] = {
    "exists": _exists,
    "prefix": partial(_affix, "begins with", str.startswith),
    "suffix": partial(_affix, "ends with", str.endswith),
    "anything-but": _anything_but,
    "equals-ignore-case": _equals_ignore_case,
    "numeric": _numeric,
}


def either(rules: Iterable[Rule]) -> str:
    """Return the words of alternative rules."""
    return " or ".join(rule.words for rule in rules)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _equal(value: Any, wanted: Any) -> bool:
    """Compare as Lambda does: 300 is not 300.0, and 1 is not true."""
    return type(value) is type(wanted) and bool(value == wanted)
