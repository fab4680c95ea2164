"""Event files and their expectations.

`events/<feature>/<function>/<case>.json` is a raw Lambda event, and works with `sam local invoke -e` as it is.
Beside it, `<case>.expect.json` holds plain JSON; `{"SS": ["a", "b"]}` is a set of texts:

    given    items that are in the tables before, by table; objects in the buckets too: `key` and the object's JSON,
             or `key`, `base64` and optionally `content_type` for other content
    status   of the HTTP answer; headers, body: what it holds at least
    returns  what the function returns at least, for functions without HTTP
    raises   error message, for functions that fail
    logs     structured log lines that the function writes, in this order, each at least
    changes  items changed, by table or bucket: `key`, and what the item holds at least `after` (null: deleted).
             Nothing else may change.
    hashes   texts whose SHA-256, in hexadecimal, stands in the event or the expectation

Every id of a case contains `c0ffee000000`. Each replay replaces it by a value of its own, everywhere: in keys, bodies,
headers, log lines, cursors, and in the texts under `hashes`. So a case works on keys that nothing else uses.

A replay also fills in placeholders: `TOKEN_OF_carol`, a new ID token of that user; `VERSION_OF_a/b`, the
version of the object given under that key; in the key of a change, `ID_OF_ANSWER`, the `id` in the answer's body.

A text that begins with `~` is a regular expression for a whole text. In the `key` of a change it matches the one item
that changed; the partition key of a table is never a pattern.
"""

import base64
import contextlib
import functools
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from dev.errors import DevError
from dev.local_aws.invocation import Outcome
from dev.local_aws.logs import structured_fields
from dev.paths import EVENTS

MARK = "c0ffee000000"
"""What every id of a case contains in its files."""

ID_OF_ANSWER = "ID_OF_ANSWER"

_EXPECTATIONS = {"given", "status", "headers", "body", "returns", "raises", "logs", "changes", "hashes"}
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
    """Return every event file under a folder, sorted, or the given event file."""
    paths = root.rglob("*.json") if root.is_dir() else [root]
    return sorted(path.resolve() for path in paths if not path.name.endswith(".expect.json"))


def load_case(path: Path) -> Case:
    """Return the case of an event file. Raises DevError without a valid expectation beside it."""
    expect_path = path.with_name(f"{path.stem}.expect.json")
    if not expect_path.exists():
        raise DevError(f"{path} has no {expect_path.name} beside it")
    expect = load_json(expect_path, parse_float=Decimal, object_hook=as_set)
    if unknown := expect.keys() - _EXPECTATIONS:
        raise DevError(f"{expect_path} contains unknown keys: {', '.join(sorted(unknown))}")
    if bad := [name for name in ("given", "changes") if not _is_by_place(expect.get(name, {}))]:
        raise DevError(f"{expect_path} needs objects in lists, by table or bucket, as: {', '.join(bad)}")
    if not all({"key", "after"} == change.keys() for place in expect.get("changes", {}).values() for change in place):
        raise DevError(f"{expect_path} needs `key` and `after` in each of its changes")
    if len(expect.keys() & _OUTCOMES) != 1:
        raise DevError(f"{expect_path} needs exactly one of: {', '.join(sorted(_OUTCOMES))}")
    case = Case(f"{path.parent.parent.name}/{path.parent.name}", path.stem, load_json(path), expect)
    text = json.dumps([case.event, case.expect], default=str)
    for hashed in expect.get("hashes", []):
        if sha256(hashed) not in text:
            raise DevError(f"{expect_path} names a text under hashes whose SHA-256 is nowhere in the case: {hashed!r}")
    return case


def _is_by_place(items: Any) -> bool:
    return isinstance(items, dict) and all(
        isinstance(place, list) and all(isinstance(item, dict) for item in place) for place in items.values()
    )


def as_set(parsed: Item) -> Any:
    """JSON has no sets, DynamoDB does."""
    return set(parsed["SS"]) if parsed.keys() == {"SS"} else parsed


def load_json(path: Path, **how: Any) -> dict[str, Any]:
    """Return the JSON object in a file. Raises DevError if it contains anything else."""
    try:
        parsed = json.loads(path.read_text(), **how)
    except ValueError as error:
        raise DevError(f"{path} is not JSON: {error}") from error
    if not isinstance(parsed, dict):
        raise DevError(f"{path} is not a JSON object")
    return parsed


def with_mark(case: Case, mark: str) -> Case:
    """Return a copy of a case whose ids contain `mark` instead of MARK. `mark` is 12 hexadecimal digits."""
    texts = {MARK: mark}
    texts |= {sha256(text): sha256(text.replace(MARK, mark)) for text in case.expect.get("hashes", [])}

    @functools.cache  # most texts are names, and stand in a case many times
    def rewrite(text: str) -> str:
        for old, new in texts.items():
            text = text.replace(old, new)
        return _with_mark_in_cursor(text, mark)

    return replace(case, event=mapped(case.event, rewrite), expect=mapped(case.expect, rewrite))


def ids(case: Case, mark: str) -> frozenset[str]:
    """Return the ids of a case: each text of letters, digits and dashes up to the end of `mark`."""
    text = json.dumps([case.event, case.expect], default=str)
    return frozenset(re.findall(rf"(?<![A-Za-z0-9-])[A-Za-z0-9-]+{mark}", text))


def with_id_of_answer(expect: Mapping[str, Any], outcome: "Outcome") -> dict[str, Any]:
    """Return a copy of an expectation with the answer's id filled in, if the answer has one."""
    body = (answer(outcome.result) or {}).get("body") if isinstance(outcome.result, dict) else None
    answered = body.get("id") if isinstance(body, dict) else None
    filled: dict[str, Any] = mapped(expect, lambda text: text.replace(ID_OF_ANSWER, str(answered or ID_OF_ANSWER)))
    return filled


def mapped(value: Any, change: Callable[[str], str]) -> Any:
    """Return a copy of parsed JSON, each text in it changed; names too."""
    match value:
        case str():
            return change(value)
        case Mapping():
            return {change(name): mapped(each, change) for name, each in value.items()}
        case list() | set():
            return type(value)(mapped(each, change) for each in value)
    return value


def _with_mark_in_cursor(text: str, mark: str) -> str:
    """Return a text, MARK replaced in it if it is JSON in base64."""
    with contextlib.suppress(ValueError):
        decoded = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        if MARK.encode() in decoded:
            return base64.urlsafe_b64encode(decoded.replace(MARK.encode(), mark.encode())).decode().rstrip("=")
    return text


def sha256(text: str) -> str:
    """Return the SHA-256 of a text in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


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
    """Return the differences between an outcome and its expectation, in words."""
    return [*_result_problems(case.expect, outcome), *_log_problems(case.expect.get("logs", []), outcome.log)]


def details(outcome: Outcome) -> Iterator[str]:
    """Yield the details of an unexpected outcome: the result of the function, and its tracebacks."""
    if outcome.error is None:
        yield f"returned: {json.dumps(outcome.result, default=str, ensure_ascii=False)}"
    for fields in map(structured_fields, outcome.log.splitlines()):
        if "exception" in fields:
            yield str(fields["exception"])


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
    """Return whether an expected value is a regular expression."""
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
    return differences(wanted, answer(outcome.result), "answer")


def answer(result: Any) -> Any:
    """Return a proxy result as status, headers and parsed body. Return any other result unchanged."""
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
            yield f"log has no line with {wanted} in this position"
            return
        position += 1
