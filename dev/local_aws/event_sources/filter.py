"""Lambda event filtering for DynamoDB records.

Lambda supports a part of EventBridge's syntax:
https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html#filtering-syntax
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dev.errors import DevError
from dev.local_aws.event_sources.rules import Rule, either, parse_rule

_MISSING = object()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a record is delivered, and the reason in words."""

    delivered: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """A record must match all of `fields`, and one of `choices` if there are any."""

    fields: Mapping[str, "Pattern | tuple[Rule, ...]"]
    choices: tuple["Pattern", ...] = ()


def parse_pattern(text: str) -> Pattern:
    """Return the pattern of a filter's JSON. Raises DevError if Lambda would reject it."""
    try:
        pattern = json.loads(text)
    except ValueError as error:
        raise DevError(f"The filter pattern is not JSON: {error}\n{text}") from error
    return _parse(pattern, "the filter pattern")


def verdict(patterns: Sequence[Pattern], record: Mapping[str, Any]) -> Verdict:
    """Return whether one of the patterns accepts a record. Without patterns, every record is delivered."""
    if not patterns:
        return Verdict(delivered=True, reason="there is no filter")
    verdicts = [_check(pattern, record, "") for pattern in patterns]
    return _first_delivered(verdicts)


def _parse(pattern: Any, where: str) -> Pattern:
    if not isinstance(pattern, dict) or not pattern:
        raise DevError(f"{where} has to be an object with at least one field, not {json.dumps(pattern)}")
    fields: dict[str, Pattern | tuple[Rule, ...]] = {}
    choices: tuple[Pattern, ...] = ()
    for name, wanted in pattern.items():
        inner = f"{where}, {name}"
        if name == "$or":
            choices = _parse_choices(wanted, inner)
        elif isinstance(wanted, dict):
            fields[name] = _parse(wanted, inner)
        elif isinstance(wanted, list) and wanted:
            fields[name] = tuple(parse_rule(rule, inner) for rule in wanted)
        else:
            raise DevError(f"{inner} has to be a list of values or an object, not {json.dumps(wanted)}")
    return Pattern(fields, choices)


def _parse_choices(wanted: Any, where: str) -> tuple[Pattern, ...]:
    if not isinstance(wanted, list) or len(wanted) < 2:  # noqa: PLR2004 - one choice is none
        raise DevError(f"{where} has to be a list of at least two patterns")
    return tuple(_parse(choice, where) for choice in wanted)


def _check(pattern: Pattern, value: Any, where: str) -> Verdict:
    if isinstance(value, list):  # one element must match all fields
        return _first_delivered([_check(pattern, element, where) for element in value or [_MISSING]])
    verdicts = [_check_field(wanted, value, name, where) for name, wanted in pattern.fields.items()]
    if pattern.choices:
        verdicts.append(_first_delivered([_check(choice, value, where) for choice in pattern.choices]))
    dropped = next((one for one in verdicts if not one.delivered), None)
    return dropped or Verdict(delivered=True, reason=", ".join(one.reason for one in verdicts))


def _check_field(wanted: Pattern | tuple[Rule, ...], value: Any, name: str, where: str) -> Verdict:
    found = value.get(name, _MISSING) if isinstance(value, Mapping) else _MISSING
    path = f"{where}.{name}".removeprefix(".")
    return _check(wanted, found, path) if isinstance(wanted, Pattern) else _check_leaf(wanted, found, path)


def _check_leaf(rules: tuple[Rule, ...], found: Any, path: str) -> Verdict:
    # `exists` applies to leaves only, so an object counts as absent.
    candidates = found if isinstance(found, list) else [found]
    values = [value for value in candidates if value is not _MISSING and not isinstance(value, Mapping)]
    accepted = any(_accepts(rule, values) for rule in rules)
    actual = " and ".join(_written(value) for value in values) or "missing"
    return Verdict(accepted, f"{path} is {actual}" if accepted else f"{path} is {actual}, not {either(rules)}")


def _accepts(rule: Rule, values: list[Any]) -> bool:
    if rule.presence is not None:
        return bool(values) is rule.presence
    return any(rule.accepts(value) for value in values)


def _first_delivered(verdicts: Sequence[Verdict]) -> Verdict:
    """Return the first verdict that delivers, or the reasons of all others."""
    accepted = next((one for one in verdicts if one.delivered), None)
    reasons = dict.fromkeys(one.reason for one in verdicts)
    return accepted or Verdict(delivered=False, reason="; ".join(reasons))


def _written(value: Any) -> str:
    return json.dumps(value, default=str)
