"""Mapping templates, rendered as API Gateway renders them: Velocity with `$input`, `$util`, `$context`.

airspeed-ext is the engine. It differs from Apache Velocity in some constructs. A lint forbids these in templates
(tests/lint/test_mapping_templates.py), and a differential test compares the two engines (tests/vtl).
"""

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import airspeed

_PATH = re.compile(r"\$(?:\.[A-Za-z_][A-Za-z0-9_]*)*")
_ESCAPES = dict(zip("\"'\\/\b\n\t\f\r", "\"'\\/bntfr", strict=True))
"""What follows the backslash."""

_STATUSES = range(100, 600)


@dataclass(frozen=True, slots=True)
class Rendered:
    """The output of a template, and its `$context.responseOverride`. `status` is None without an override."""

    text: str
    status: int | None
    headers: Mapping[str, str]


def render(
    template: str,
    *,
    body: Any,
    params: Mapping[str, Mapping[str, str]],
    context: Mapping[str, Any],
    stage_variables: Mapping[str, str],
) -> Rendered:
    """Render a template. `body` is parsed JSON; `params` has the places `path`, `querystring` and `header`.

    Raises airspeed.TemplateError for a template, and ValueError for an override, that API Gateway answers with 500.
    """
    override: _Override = _Override(header=_Override())
    names = {
        "input": _Input(body, params),
        "util": _Util(),
        "context": dict(context) | {"responseOverride": override},
        "stageVariables": dict(stage_variables),
    }
    text = _compile(template).merge(names)
    status = override.get("status")
    if status is not None and status not in _STATUSES:
        raise ValueError(f"{status} is no HTTP status")
    return Rendered(text, status, override["header"])


@functools.cache
def _compile(template: str) -> airspeed.Template:
    return airspeed.Template(template)


class _Override(dict[str, Any]):
    """API Gateway answers 500 if a template overrides the same value twice."""

    def __setitem__(self, name: str, value: Any) -> None:
        if name in self:
            raise ValueError(f"{name} is overridden twice")
        super().__setitem__(name, value)


class _Missing:
    """The value at a path that does not exist. On AWS it equals "" and null, and prints nothing."""

    def __eq__(self, other: object) -> bool:
        return other in (None, "")

    def __hash__(self) -> int:
        return hash("")

    def __str__(self) -> str:
        return ""

    def __len__(self) -> int:
        return 0

    def __iter__(self) -> Iterator[Any]:
        return iter(())


_MISSING = _Missing()


class _Input:
    """`$input`: the body by path, and the request's parameters, in templates of requests and of responses."""

    def __init__(self, body: Any, params: Mapping[str, Mapping[str, str]]) -> None:
        self._body = body
        self._params = params

    def path(self, expression: str) -> Any:
        """Return the value at a dotted path."""
        if not _PATH.fullmatch(expression):
            raise ValueError(f"{expression} is more than a dotted path, which is all that templates here may use")
        value = self._body
        for name in expression.split(".")[1:]:
            value = value.get(name, _MISSING) if isinstance(value, dict) else _MISSING
        return value

    def params(self, name: str | None = None) -> Any:
        """Return a parameter of the path, the query or the header, in this order; "" where there is none.

        Without a name, return all of them by place.
        """
        if name is None:
            return self._params
        for place in ("path", "querystring", "header"):
            if name in self._params.get(place, {}):
                return self._params[place][name]
        return ""


class _Util:
    """`$util`, as far as templates here use it."""

    def escapeJavaScript(self, text: str) -> str:  # noqa: N802 - the name that API Gateway gives it
        """Return text escaped as commons-lang 2.6 does: by UTF-16 unit, `'` too, which is not JSON."""
        units = text.encode("utf-16-be", "surrogatepass")
        return "".join(map(_escape, (chr(units[at] << 8 | units[at + 1]) for at in range(0, len(units), 2))))


def _escape(unit: str) -> str:
    if unit in _ESCAPES:
        return f"\\{_ESCAPES[unit]}"
    return unit if " " <= unit <= "~" or unit == "\x7f" else f"\\u{ord(unit):04X}"
