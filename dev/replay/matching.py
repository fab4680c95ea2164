"""Compares expected with actual values. Matchers, such as `{"IsUUID": true}`, are classes of dirty-equals."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from dirty_equals import IsApprox, IsDatetime, IsStr, IsUUID

MATCHERS: Mapping[str, Callable[[Any], Any]] = {
    "IsUUID": lambda version: IsUUID(None if version is True else version),
    "IsDatetime": lambda form: IsDatetime(iso_string=True) if form is True else IsDatetime(format_string=form),
    "IsStr": lambda regex: IsStr() if regex is True else IsStr(regex=regex),
    "IsApprox": lambda number: IsApprox(number[0], delta=number[1]),
}


class Words(str):
    """Words in place of a value, such as `unchanged`."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """An expected and an actual value, JSON or Words."""

    where: str
    expected: Any
    actual: Any

    def __str__(self) -> str:
        return f"{self.where} is {as_json(self.actual)}, not {as_json(self.expected)}"


def differences(expected: Any, actual: Any, where: str) -> Iterator[Difference]:
    """Yield where `actual` does not hold at least `expected`. Lists must be of equal length."""
    if isinstance(expected, Mapping) and isinstance(actual, Mapping) and not is_matcher(expected):
        for name, value in expected.items():
            if name in actual:
                yield from differences(value, actual[name], f"{where}.{name}")
            else:
                yield Difference(f"{where}.{name}", value, Words("missing"))
    elif isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        for index, (one, other) in enumerate(zip(expected, actual, strict=True)):
            yield from differences(one, other, f"{where}[{index}]")
    elif not _is_as_expected(expected, actual):
        yield Difference(where, expected, actual)


def is_matcher(expected: Any) -> bool:
    """Return whether an expected value stands for any of many values."""
    return isinstance(expected, Mapping) and len(expected) == 1 and not MATCHERS.keys().isdisjoint(expected)


def pattern_or_text(expected: Any) -> str:
    """Return the regular expression of a matcher of text, or the expected text itself."""
    return str(expected["IsStr"] if is_matcher(expected) and "IsStr" in expected else expected)


def as_json(value: Any, indent: int | None = None) -> str:
    """Return a value as an expectation would state it."""
    return value if isinstance(value, Words) else json.dumps(value, default=_plain, ensure_ascii=False, indent=indent)


def _plain(value: Any) -> Any:
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case set():
            return {"SS": sorted(value)} if all(isinstance(each, str) for each in value) else list(value)
    return str(value)


def _is_as_expected(expected: Any, actual: Any) -> bool:
    if not is_matcher(expected):
        return isinstance(expected, bool) is isinstance(actual, bool) and bool(expected == actual)
    ((name, argument),) = expected.items()
    return bool(MATCHERS[name](argument) == actual)
