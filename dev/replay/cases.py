"""Event files and their expectations, in the format of docs/expectations.md."""

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

import fastjsonschema

from dev.errors import DevError
from dev.local_aws.invocation import Outcome
from dev.local_aws.logs import structured_fields
from dev.paths import EVENTS
from dev.replay.matching import differences

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


def event_files(root: Path = EVENTS) -> list[Path]:
    """Return every event file under a folder, sorted, or the given event file."""
    paths = root.rglob("*.json") if root.is_dir() else [root]
    return sorted(path.resolve() for path in paths if not path.name.endswith(".expect.json"))


def load_case(path: Path) -> Case:
    """Return the case of an event file. Raises DevError without a valid expectation beside it."""
    expect_path = path.with_name(f"{path.stem}.expect.json")
    if not expect_path.exists():
        raise DevError(f"{path} has no {expect_path.name} beside it")
    expect = load_json(expect_path, parse_float=Decimal)
    try:
        _validate()(expect)
    except fastjsonschema.JsonSchemaValueException as error:
        problem = "needs exactly one of: status, returns, raises" if error.rule == "oneOf" else error.message
        raise DevError(f"{expect_path} is not as docs/expectations.md says: {problem}") from error
    case = Case(f"{path.parent.parent.name}/{path.parent.name}", path.stem, load_json(path), _with_sets(expect))
    text = json.dumps([case.event, case.expect], default=str)
    for hashed in expect.get("hashes", []):
        if sha256(hashed) not in text:
            raise DevError(f"{expect_path} names a text under hashes whose SHA-256 is nowhere in the case: {hashed!r}")
    return case


@functools.cache
def _validate() -> Callable[[Any], Any]:
    validate: Callable[[Any], Any] = fastjsonschema.compile(json.loads(EXPECTATION_SCHEMA.read_text()))
    return validate


def _with_sets(value: Any) -> Any:
    """Return a copy of parsed JSON with sets of texts, which JSON lacks."""
    match value:
        case {"SS": texts, **others} if not others:
            return set(texts)
        case dict():
            return {name: _with_sets(each) for name, each in value.items()}
        case list():
            return [_with_sets(each) for each in value]
    return value


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

    def rewrite(text: str) -> str:
        for old, new in texts.items():
            text = text.replace(old, new)
        return _with_mark_in_cursor(text, mark)

    return replace(case, event=_mapped(case.event, rewrite), expect=_mapped(case.expect, rewrite))


def ids(case: Case, mark: str) -> frozenset[str]:
    """Return the ids of a case: each text of letters, digits and dashes up to the end of `mark`."""
    text = json.dumps([case.event, case.expect], default=str)
    return frozenset(re.findall(rf"(?<![A-Za-z0-9-])[A-Za-z0-9-]+{mark}", text))


def with_id_of_answer(expect: Mapping[str, Any], outcome: "Outcome") -> dict[str, Any]:
    """Return a copy of an expectation with the answer's id filled in, if the answer has one."""
    body = (_answer(outcome.result) or {}).get("body") if isinstance(outcome.result, dict) else None
    answered = body.get("id") if isinstance(body, dict) else None
    filled: dict[str, Any] = _mapped(expect, lambda text: text.replace(ID_OF_ANSWER, str(answered or ID_OF_ANSWER)))
    return filled


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    """Return a copy of parsed JSON, each text in it changed; names too."""
    match value:
        case str():
            return change(value)
        case Mapping():
            return {change(name): _mapped(each, change) for name, each in value.items()}
        case list() | set():
            return type(value)(_mapped(each, change) for each in value)
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


def _result_problems(expect: Mapping[str, Any], outcome: Outcome) -> Iterable[str]:
    if outcome.error is not None or "raises" in expect:
        return differences(expect.get("raises"), outcome.error, "raised error")
    if "returns" in expect:
        return differences(expect["returns"], outcome.result, "result")
    wanted = {name: expect[name] for name in ("status", "headers", "body") if name in expect}
    return differences(wanted, _answer(outcome.result), "answer")


def _answer(result: Any) -> Any:
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
