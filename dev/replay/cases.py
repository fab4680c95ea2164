"""Event files and what is expected of them.

`events/<feature>/<function>/<case>.json` is a raw Lambda event, good for `sam local invoke -e` as it is.
Where it says `TOKEN_OF_carol`, a replay puts a fresh ID token of that user; where it says `VERSION_OF_a/b`, the
version that the object given under that key has. Beside it `<case>.expect.json` says, with plain JSON items, in which
`{"SS": ["a", "b"]}` is a set of texts:

    given    items that are in the tables before, by table; objects in the buckets too: `key` and the object's JSON,
             or `key`, `base64` and perhaps `content_type` where it is none
    status   of the HTTP answer; headers, body: what it holds at least
    returns  what the function returns at least, for functions without HTTP
    raises   error message, for functions that fail
    logs     structured log lines that the function writes, in this order, each at least
    changes  items changed, by table or bucket: `key`, and what the item holds at least `after` (null: deleted).
             Whatever is not named here must not change.

A text that begins with `~` is a regular expression for the whole of a text. In the `key` of a change it stands for
the one item of such a key that changed.
"""

import contextlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from dev.errors import DevError
from dev.local_aws.invocation import Outcome
from dev.local_aws.logs import structured_fields
from dev.paths import EVENTS

_EXPECTATIONS = {"given", "status", "headers", "body", "returns", "raises", "logs", "changes"}
_OUTCOMES = {"status", "returns", "raises"}

type Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """One event and its expectation; `function` is `products/create`, `name` the case."""

    function: str
    name: str
    event: dict[str, Any]
    expect: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.function}/{self.name}"


def event_files(root: Path = EVENTS) -> list[Path]:
    """Return every event file under a folder, sorted; a file that is one, alone."""
    paths = root.rglob("*.json") if root.is_dir() else [root]
    return sorted(path.resolve() for path in paths if not path.name.endswith(".expect.json"))


def load_case(path: Path) -> Case:
    """Return the case of an event file. Raises DevError without a valid expectation beside it."""
    expect_path = path.with_name(f"{path.stem}.expect.json")
    if not expect_path.exists():
        raise DevError(f"{path} has no {expect_path.name} beside it")
    expect = load_json(expect_path, parse_float=Decimal, object_hook=_as_set)
    if unknown := expect.keys() - _EXPECTATIONS:
        raise DevError(f"{expect_path} expects unknown things: {', '.join(sorted(unknown))}")
    if len(expect.keys() & _OUTCOMES) != 1:
        raise DevError(f"{expect_path} needs exactly one of: {', '.join(sorted(_OUTCOMES))}")
    return Case(f"{path.parent.parent.name}/{path.parent.name}", path.stem, load_json(path), expect)


def _as_set(parsed: Item) -> Any:
    """JSON has no sets, DynamoDB does."""
    return set(parsed["SS"]) if parsed.keys() == {"SS"} else parsed


def load_json(path: Path, **how: Any) -> dict[str, Any]:
    """Return the JSON object in a file. Raises DevError if it holds none."""
    try:
        parsed: dict[str, Any] = json.loads(path.read_text(), **how)
    except ValueError as error:
        raise DevError(f"{path} is not JSON: {error}") from error
    return parsed


def with_tokens(event: Mapping[str, Any], token: Callable[[str], str]) -> dict[str, Any]:
    """Return a copy of an event, each `TOKEN_OF_name` in it filled by `token`."""
    return _filled(event, r"TOKEN_OF_(\w+)", token)


def with_versions(event: Mapping[str, Any], version: Callable[[str], str]) -> dict[str, Any]:
    """Return a copy of an event, each `VERSION_OF_key` in it filled by `version`."""
    return _filled(event, r'VERSION_OF_([^"\\]+)', version)


def _filled(event: Mapping[str, Any], placeholder: str, fill: Callable[[str], str]) -> dict[str, Any]:
    text = re.sub(placeholder, lambda match: fill(match[1]), json.dumps(event, ensure_ascii=False))
    filled: dict[str, Any] = json.loads(text)
    return filled


def problems_with(case: Case, outcome: Outcome) -> list[str]:
    """Return what about an outcome is not as expected, in words; nothing if all is."""
    return [*_result_problems(case.expect, outcome), *_log_problems(case.expect.get("logs", []), outcome.log)]


def differences(expected: Any, actual: Any, where: str) -> Iterator[str]:
    """Yield where `actual` does not hold at least `expected`. Lists must be of equal length."""
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
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


def is_pattern(expected: Any) -> bool:
    """Whether an expected value is a regular expression."""
    return isinstance(expected, str) and expected.startswith("~")


def _is_as_expected(expected: Any, actual: Any) -> bool:
    if is_pattern(expected):
        return isinstance(actual, str) and re.fullmatch(expected[1:], actual) is not None
    return isinstance(expected, bool) is isinstance(actual, bool) and bool(expected == actual)


def _result_problems(expect: Mapping[str, Any], outcome: Outcome) -> Iterable[str]:
    if outcome.error is not None or "raises" in expect:
        return differences(expect.get("raises"), outcome.error, "raised error")
    if "returns" in expect:
        return differences(expect["returns"], outcome.result, "result")
    wanted = {name: expect[name] for name in ("status", "headers", "body") if name in expect}
    return differences(wanted, _answer(outcome.result), "answer")


def _answer(result: Any) -> Any:
    """Return a proxy result as status, headers and parsed body; as it is where it is none."""
    if not isinstance(result, dict) or "statusCode" not in result:
        return result
    body = result.get("body") or "null"
    with contextlib.suppress(ValueError):
        body = json.loads(body, parse_float=Decimal)
    return {"status": result["statusCode"], "headers": result.get("headers"), "body": body}


def _log_problems(expected: list[dict[str, Any]], log: str) -> Iterable[str]:
    lines = [fields for fields in map(structured_fields, log.splitlines()) if fields]
    position = 0
    for wanted in expected:
        while position < len(lines) and list(differences(wanted, lines[position], "log")):
            position += 1
        if position == len(lines):
            yield f"log has no line with {wanted} where it was due"
            return
        position += 1
