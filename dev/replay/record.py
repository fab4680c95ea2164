"""Writes expectations from what cases do. Each case runs twice: what differs between the runs becomes a matcher."""

import contextlib
import difflib
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from dev.errors import DevError
from dev.local_aws.logs import FIELDS_OF_POWERTOOLS, structured_fields
from dev.replay.cases import (
    ID_OF_ANSWER,
    MARK,
    Case,
    Item,
    as_set,
    case_name,
    expectation_of,
    load_json,
    mapped,
    sha256,
    with_mark,
)
from dev.replay.comparison import answer
from dev.replay.matching import as_json, is_matcher
from dev.replay.targets import Observation, Target

_PARTS = ("given", "status", "headers", "body", "returns", "raises", "logs", "changes", "hashes")
_OUTCOMES = {"status", "returns", "raises"}
_KEPT = ("$schema", "given", "metrics", "not_logged", "hashes")
_OF_EVERY_ANSWER = {"X-Request-Id", "Cache-Control", "X-Content-Type-Options"}
_FIRST_TIME = 1_500_000_000
"""Seconds of a time since 1970. Functions compute no other number that is larger."""

_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
_OF_THIS_PROCESS = r"FOOBARKEY|[a-z]+-sub|\d{8}T\d{6}Z"
"""An access key in memory, the subject of a token in memory, and the time of a signature."""
_TOKENS = re.compile(rf"{_TIME}|[\w-]*?{MARK}|[\w+=-]+?(?={_TIME})|[\w+=-]+|.", re.DOTALL)
_ADDRESS = re.compile(r"https?://([^/]+)([^?]*)(.*)", re.DOTALL)
_DIFFERS = object()
"""Stands for a value that no expectation can state."""


@dataclass(frozen=True)
class Recording:
    """An expectation before and after it was recorded, as JSON. `before` is empty for a new one."""

    path: Path
    before: str
    after: str

    def difference(self) -> list[str]:
        """Return the lines of a unified diff. It is empty if the expectation holds."""
        before, after = self.before.splitlines(), self.after.splitlines()
        return list(difflib.unified_diff(before, after, "before", str(self.path), lineterm=""))

    def write(self) -> None:
        self.path.write_text(self.after)


def record(target: Target, path: Path) -> Recording:
    """Return the expectation of an event file. `given` and `hashes` stay, and what else is there and holds.

    Raises DevError, ClientError or ParamValidationError if the case cannot run, or did what no expectation can state.
    """
    expect_path = expectation_of(path)
    old = load_json(expect_path, parse_float=Decimal, object_hook=as_set) if expect_path.exists() else {}
    kept = {name: old[name] for name in _KEPT if name in old}
    case = Case(case_name(path).rpartition("/")[0], path.stem, load_json(path), kept)
    with _texts_hashed() as texts:
        runs = [_Run(target.observe(case)[1], texts) for _ in range(2)]
    hashed = sorted(runs[0].texts & runs[1].texts)

    def with_hashes(expect: Mapping[str, Any]) -> dict[str, Any]:
        stated = to_text([case.event, {name: part for name, part in expect.items() if name != "hashes"}])
        return {**expect, "hashes": [text for text in hashed if sha256(text) in stated], **kept}

    def holds(expect: Mapping[str, Any]) -> bool:
        return not target.problems(with_mark(replace(case, expect=dict(expect)), runs[0].seen.mark), runs[0].seen)

    new = with_hashes(_Recorder(to_text([case.event, kept]), target).expectation(*runs))
    if old.keys() - kept.keys() - _OUTCOMES:  # an outcome alone is the beginning of an expectation
        new = with_hashes(_with_what_holds(old, new, holds, _OUTCOMES | {"changes", "hashes"}))
    parts = [part for part in dict.fromkeys([*old, *_PARTS]) if part in new and (part != "hashes" or new[part])]
    return Recording(expect_path, to_text(old) if old else "", to_text({part: new[part] for part in parts}))


def to_text(parsed: Any) -> str:
    """Return parsed JSON as text of a file."""
    return as_json(parsed, indent=2) + "\n"


def _with_what_holds(old: Any, new: Any, holds: Callable[[Any], bool], needed: Set[str] = frozenset()) -> Any:
    """Return a new expectation that says no more than the old one, except for what is needed, and keeps what holds."""
    if old == new or holds(old):
        return old
    if not (isinstance(old, dict) and isinstance(new, dict)) or not old.keys() & new.keys():
        return new
    merged = {name: value for name, value in new.items() if name in old or name in needed}

    def holds_with(name: str) -> Callable[[Any], bool]:
        return lambda value: holds(merged | {name: value})

    return merged | {
        name: _with_what_holds(old[name], value, holds_with(name), value.keys() if name == "changes" else frozenset())
        for name, value in merged.items()
        if name in old
    }


@contextlib.contextmanager
def _texts_hashed() -> Iterator[set[str]]:
    """Note the texts whose SHA-256 functions compute: an expectation names those that contain ids."""
    texts: set[str] = set()
    compute = hashlib.sha256

    def note(data: Any = b"", **how: Any) -> Any:
        texts.add(bytes(data).decode(errors="replace"))
        return compute(data, **how)

    hashlib.sha256 = note
    try:
        yield texts
    finally:
        hashlib.sha256 = compute


class _Run:
    """One run of a case. `texts` are those that it hashed and that contain ids, with MARK."""

    def __init__(self, seen: Observation, hashed: set[str]) -> None:
        self.seen = seen
        self.texts = {text.replace(seen.mark, MARK) for text in hashed if seen.mark in text}
        self._marks = {sha256(text.replace(MARK, seen.mark)): sha256(text) for text in self.texts} | {seen.mark: MARK}
        self.is_http = isinstance(seen.outcome.result, dict) and "statusCode" in seen.outcome.result
        self.result = self.marked(answer(seen.outcome.result))
        body = self.result["body"] if self.is_http else None
        self.id = body.get("id") if isinstance(body, dict) else None

    def marked(self, value: Any) -> Any:
        """Return a copy of a value with MARK in its texts and names, and in hashes of texts."""

        def mark(text: str) -> str:
            for own, general in self._marks.items():
                text = text.replace(own, general)
            return text

        return mapped(value, mark)

    def changed(self, value: Any) -> Any:
        """Return a key or an item that changed, with ID_OF_ANSWER instead of a generated id."""
        generated = self.id if isinstance(self.id, str) and MARK not in self.id else ID_OF_ANSWER
        return mapped(self.marked(value), lambda text: text.replace(generated, ID_OF_ANSWER))

    def logs(self) -> list[dict[str, Any]]:
        """Return the function's own log lines, without fields that every line has."""
        lines = [line for line in map(structured_fields, self.seen.outcome.log.splitlines()) if "message" in line]
        if self.is_http:
            lines = [line for line in lines if "status" not in line]  # the answer has it
        left_out = FIELDS_OF_POWERTOOLS - {"level", "message", *(() if self.is_http else ("correlation_id",))}
        return [{name: self.marked(line[name]) for name in line if name not in left_out} for line in lines]


@dataclass(frozen=True)
class _Recorder:
    """States what two runs have in common. `known` is the text of the event and of the given items."""

    known: str
    target: Target

    def expectation(self, one: _Run, other: _Run) -> dict[str, Any]:
        expect = self._result(one, other)
        logs = self._common(one.logs(), other.logs())
        changes = {name: found for name, found in self._changes(one, other) if found}
        return expect | ({"logs": logs} if logs else {}) | ({"changes": changes} if changes else {})

    def _result(self, one: _Run, other: _Run) -> dict[str, Any]:
        if one.seen.outcome.error is not None:
            errors = [run.marked(run.seen.outcome.error) for run in (one, other)]
            return {"raises": self._common(*errors)}
        result = self._common(one.result, other.result)
        if not one.is_http:
            return {"returns": result}
        headers = {name: value for name, value in result["headers"].items() if name not in _OF_EVERY_ANSWER}
        body = result.get("body")
        if headers.get("Content-Type") == "application/problem+json":
            body = {"code": body["code"]}
        return {
            "status": result["status"],
            **({"headers": headers} if headers else {}),
            **({"body": body} if isinstance(body, dict) else {}),  # other text is long, and its wording free
        }

    def _changes(self, one: _Run, other: _Run) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        for number, kind in enumerate(self.target.kinds):
            for name in kind.names:
                changed = [self._changed(run, number, name) for run in (one, other)]
                yield name, [self._change(name, *pair) for pair in zip(*changed, strict=True)]

    def _changed(self, run: _Run, kind: int, name: str) -> list[tuple[list[Any], Any]]:
        """Return the keys of what changed with the new items, in an order that does not depend on generated ids."""
        before, after = run.seen.before[kind][name], run.seen.after[kind][name]
        keys = [key for key in before | after if before.get(key) != after.get(key)]
        changed = [(run.changed(list(key)), run.changed(after.get(key))) for key in keys]
        return sorted(changed, key=lambda each: re.sub("[0-9a-f]{32}", "", str(each)))

    def _change(self, name: str, one: tuple[list[Any], Item | None], other: tuple[list[Any], Item | None]) -> Item:
        names = next(kind for kind in self.target.kinds if name in kind.names).key_names(name)
        key, after = self._common(one[0], other[0]), self._common(one[1], other[1])
        if key is _DIFFERS or (is_matcher(key[0]) and MARK not in str(key[0])):
            raise DevError(
                f"No expectation can name the generated key {one[0]} of {name}. Write this expectation by hand."
            )
        if isinstance(after, dict):
            after = {attribute: value for attribute, value in after.items() if attribute not in names}
        return {"key": dict(zip(names, key, strict=True)), "after": after}

    def _common(self, one: Any, other: Any) -> Any:
        """Return the value of both, with matchers for texts and without names that differ."""
        if isinstance(one, dict) and isinstance(other, dict):
            shared = {name: self._common(one[name], other[name]) for name in one if name in other}
            return {
                name: value
                for name, value in shared.items()
                if self._text(name, name) == name and value is not _DIFFERS
            }
        if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
            values = [self._common(*pair) for pair in zip(one, other, strict=True)]
            return _DIFFERS if _DIFFERS in values else values
        if isinstance(one, str) and isinstance(other, str):
            return self._text(one, other)
        is_time = isinstance(one, int | Decimal) and one > _FIRST_TIME and str(one) not in self.known
        return _DIFFERS if is_time or one != other else one

    def _text(self, one: str, other: str) -> Any:
        """Return a text, or a matcher of two texts."""
        address = _ADDRESS.fullmatch(one)
        if address and address[1] not in self.known:
            if "X-Amz-Signature=" in address[3]:
                return _pattern(rf"https?://.*{_escaped(address[2])}\?.*X-Amz-Signature=[0-9a-f]{{64}}.*")
            return _pattern("https?://.+")
        tokens = [_TOKENS.findall(text) for text in (one, other)]
        if len(tokens[0]) != len(tokens[1]):
            return _pattern(".+")
        patterns = [self._token(*pair) for pair in zip(*tokens, strict=True)]
        return one if patterns == list(map(_escaped, tokens[0])) else _pattern("".join(patterns))

    def _token(self, one: str, other: str) -> str:
        if one not in self.known:
            if re.fullmatch(_TIME, one):
                return _TIME
            if re.fullmatch(_OF_THIS_PROCESS, one) or one.replace("-", "") == f"{datetime.now(UTC):%Y%m%d}":
                return ".+"
        if one == other:
            return _escaped(one)
        return f"[0-9a-f]{{{len(one)}}}" if re.fullmatch("[0-9a-f]{32,}", one) else ".+"


def _pattern(regex: str) -> dict[str, str]:
    return {"IsStr": regex}


def _escaped(text: str) -> str:
    """Return a text as part of a regular expression. `re.escape` would also escape dashes and spaces."""
    return re.sub(r"[.^$*+?{}\[\]|()\\]", r"\\\g<0>", text)
