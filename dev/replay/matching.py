"""Compares expected with actual values. Matchers, such as `{"IsUUID": true}`, are classes of dirty-equals."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from dirty_equals import IsApprox, IsDatetime, IsStr, IsUUID

MATCHERS: Mapping[str, Callable[[Any], Any]] = {
    "IsUUID": lambda version: IsUUID(None if version is True else version),
    "IsDatetime": lambda form: IsDatetime(iso_string=True) if form is True else IsDatetime(format_string=form),
    "IsStr": lambda regex: IsStr() if regex is True else IsStr(regex=regex),
    "IsApprox": lambda number: IsApprox(number[0], delta=number[1]),
}


def differences(expected: Any, actual: Any, where: str) -> Iterator[str]:
    """Yield where `actual` does not hold at least `expected`. Lists must be of equal length."""
    if isinstance(expected, Mapping) and isinstance(actual, Mapping) and not is_matcher(expected):
        for name, value in expected.items():
            if name not in actual:
                yield f"{where}.{name} is missing"
            else:
                yield from differences(value, actual[name], f"{where}.{name}")
    elif isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        for index, (one, other) in enumerate(zip(expected, actual, strict=True)):
            yield from differences(one, other, f"{where}[{index}]")
    elif not _is_as_expected(expected, actual):
        yield f"{where} is {actual!r}, not {expected!r}"


def is_matcher(expected: Any) -> bool:
    """Return whether an expected value stands for any of many values."""
    return isinstance(expected, Mapping) and len(expected) == 1 and not MATCHERS.keys().isdisjoint(expected)


def pattern_or_text(expected: Any) -> str:
    """Return the regular expression of a matcher of text, or the expected text itself."""
    return str(expected["IsStr"] if is_matcher(expected) and "IsStr" in expected else expected)


def _is_as_expected(expected: Any, actual: Any) -> bool:
    if not is_matcher(expected):
        return isinstance(expected, bool) is isinstance(actual, bool) and bool(expected == actual)
    ((name, argument),) = expected.items()
    return bool(MATCHERS[name](argument) == actual)
