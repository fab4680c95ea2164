"""Event files and their expectations, in the format of docs/expectations.md."""

import base64
import contextlib
import functools
import hashlib
import json
import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import fastjsonschema

from dev.errors import DevError
from dev.local_aws.invocation import Outcome
from dev.paths import EVENTS
from dev.replay.comparison import answer

MARK = "c0ffee000000"
"""What every id of a case contains in its files."""

ID_OF_ANSWER = "ID_OF_ANSWER"

EXPECTATION_SCHEMA = Path(__file__).with_name("expectation.schema.json")

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


def event_files(*roots: Path) -> list[Path]:
    """Return the given event files, and those under the given folders. Raises DevError if there is none."""
    paths = [path for root in roots or [EVENTS] for path in (sorted(root.rglob("*.json")) if root.is_dir() else [root])]
    found = [path.resolve() for path in paths if not path.name.endswith(".expect.json")]
    if not found:
        raise DevError("No event file found. Pass an event file or a folder, not an .expect.json file.")
    return list(dict.fromkeys(found))


def expectations_without_event(*roots: Path) -> list[Path]:
    """Return the expectations under the given folders that have no event beside them."""
    found = [path for root in roots or [EVENTS] for path in sorted(root.rglob("*.expect.json"))]
    return [path for path in found if not path.with_name(path.name.replace(".expect", "")).exists()]


def expectation_of(path: Path) -> Path:
    """Return where the expectation of an event file is."""
    return path.with_suffix(".expect.json")


def case_name(path: Path) -> str:
    """Return the name of a case, such as `products/create/ok`, by its event file."""
    return "/".join((*path.parent.parts[-2:], path.stem))


def load_case(path: Path) -> Case:
    """Return the case of an event file. Raises DevError without a valid expectation beside it."""
    event, expect_path = load_json(path), expectation_of(path)
    if not expect_path.exists():
        raise DevError(
            f"{path} has no {expect_path.name} beside it. Record one with: dev replay --record {shlex.quote(str(path))}"
        )
    expect = load_json(expect_path, parse_float=Decimal, object_hook=as_set)
    try:
        _validate()(expect)
    except fastjsonschema.JsonSchemaValueException as error:
        problem = "needs exactly one of: status, returns, raises" if error.rule == "oneOf" else error.message
        raise DevError(f"{expect_path} is not a valid expectation, see docs/expectations.md: {problem}") from error
    function, _, name = case_name(path).rpartition("/")
    case = Case(function, name, event, expect)
    hashes = expect.get("hashes", [])
    text = json.dumps([case.event, expect], default=str) if hashes else ""
    for hashed in hashes:
        if sha256(hashed) not in text:
            raise DevError(
                f"{expect_path} names a string under hashes whose SHA-256 is nowhere in the case: {hashed!r}"
            )
    return case


@functools.cache
def _validate() -> Callable[[Any], Any]:
    validate: Callable[[Any], Any] = fastjsonschema.compile(json.loads(EXPECTATION_SCHEMA.read_text()))
    return validate


def as_set(parsed: Item) -> Any:
    """Return `{"SS": texts}` as a set, which DynamoDB has and JSON lacks. Return any other object unchanged."""
    match parsed:
        case {"SS": [*texts], **others} if not others and all(isinstance(text, str) for text in texts):
            return set(texts)
    return parsed


def load_json(path: Path, *, object_hook: Callable[[Item], Any] = dict, **how: Any) -> dict[str, Any]:
    """Return the JSON object in a file. Raises DevError if it contains anything else, NaN, or a name twice."""

    def unique(pairs: list[tuple[str, Any]]) -> Any:
        names = [name for name, _ in pairs]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"an object has {', '.join(twice)} more than once")
        return object_hook(dict(pairs))

    def rejected(constant: str) -> Any:
        raise ValueError(f"{constant} is not a number")

    try:
        parsed = json.loads(path.read_text(), object_pairs_hook=unique, parse_constant=rejected, **how)
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


def with_id_of_answer(expect: Mapping[str, Any], outcome: Outcome) -> dict[str, Any]:
    """Return a copy of an expectation with the answer's id filled in, if the answer has one."""
    result = answer(outcome.result)
    body = result.get("body") if isinstance(result, dict) else None
    answered = body.get("id") if isinstance(body, dict) else None
    filled: dict[str, Any] = mapped(expect, lambda text: text.replace(ID_OF_ANSWER, str(answered or ID_OF_ANSWER)))
    return filled


def mapped(value: Any, change: Callable[[str], str]) -> Any:
    """Return a copy of parsed JSON, each text in it changed; names too."""
    match value:
        case str():
            return change(value)
        case dict():
            return {change(name): mapped(each, change) for name, each in value.items()}
        case list() | set():
            return type(value)(mapped(each, change) for each in value)
    return value


def _with_mark_in_cursor(text: str, mark: str) -> str:
    """Return a text, MARK replaced in it if it is JSON in base64."""
    if not text.startswith(("e", "W")):  # as `{` and `[` do in base64
        return text
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
