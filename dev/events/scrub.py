"""Replaces personal data and secrets in events, and gives ids the mark that replay needs.

Every text is replaced unless it is known to be harmless: a word of the code or the contract, or a time. So a field that
nobody thought of is replaced too.

    ids                  another id of the same form, the same for the same id; its signs remain
    e-mail addresses     another address, the same for the same address
    times, dates         unchanged
    words of the code    unchanged, such as `pending` or `image/png`
    all other text       letters become x, digits 0: its length and punctuation remain
    numbers              unchanged, except those of twelve digits, the length of an account id
"""

import ast
import hashlib
import hmac
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from dev.replay.cases import MARK

ACCOUNT = "123456789012"
"""Account id of AWS's examples."""

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_HEX = r"[0-9a-f]{32,}"
_EMAIL = r"[^\s@<>\"',;]{1,64}@[^\s@<>\"',;]{1,255}"
_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)"
_DATE = r"\d{4}-\d\d-\d\d"
_ID_NAME = re.compile(r"(?:.*_)?(?:id|uuid|sub|owner|to|from|key)|.*[a-z](?:Id|Key)")
"""Names of properties and attributes whose values are ids."""
_LONGEST_NAME = 40
_LONGEST_ID = 64


def vocabulary(functions: Path, contract: Mapping[str, Any]) -> frozenset[str]:
    """Return texts that are no one's data: literals of the code, names and values of the contract, and their words.

    Words of sentences are left out, because they are also the words of messages.
    """
    literals = {
        node.value
        for path in functions.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    texts = literals | set(_names_and_values(contract))
    names = {text for text in texts if len(text) <= _LONGEST_NAME and not re.search(r"\s", text)}
    return frozenset(texts | {word for text in names for word in re.findall(r"\w+", text)})


def _names_and_values(schema: Any) -> Iterator[str]:
    """Yield the property names and the enumerated values in a part of a contract."""
    match schema:
        case Mapping():
            properties = schema.get("properties")
            yield from properties if isinstance(properties, Mapping) else ()
            yield from (value for value in schema.get("enum", []) if isinstance(value, str))
            for each in schema.values():
                yield from _names_and_values(each)
        case list():
            for each in schema:
                yield from _names_and_values(each)


@dataclass(frozen=True)
class Scrubber:
    """Scrubs texts and JSON. Equal keys give equal ids; without the key, nobody can tell the original of an id."""

    key: bytes
    words: frozenset[str]
    ids: Collection[str] = ()
    """Texts that are ids wherever they occur, such as `CUST-1001`. UUIDs and hashes are recognized by their form."""

    def id(self, original: str) -> str:
        """Return another id of the same form: UUID, hexadecimal digits, these with a secret after them, or text."""
        if MARK in original or not original:
            return original
        digest = self._digest(original)
        if re.fullmatch(_UUID, original):
            return f"{digest[:8]}-{digest[8:12]}-4{digest[12:15]}-8{digest[15:18]}-{MARK}"
        if re.fullmatch(_HEX, original):
            return (digest * (len(original) // 64 + 1))[: len(original) - len(MARK)] + MARK
        if re.match(r"[0-9a-f]{32}[A-Za-z0-9_-]{20}", original):
            return self.id(original[:32]) + self._digest(original[32:])[: len(original) - 32]
        start, signs = _what_may_be_invalid(original)
        return f"{start}ID{signs}-{digest[:8]}-{MARK}".ljust(len(original) if len(original) > _LONGEST_ID else 0, "x")

    def text(self, original: str) -> str:
        """Return a text with everything replaced that may be someone's data."""
        if original in self.words or re.fullmatch(_DATE, original):
            return original
        return self._parts.sub(self._replacement, original)

    def value(self, original: Any, name: str = "") -> Any:
        """Return a copy of parsed JSON. `name` is the property that holds it."""
        match original:
            case str():
                return self.id_or_text(name, original)
            case Mapping():
                return {self.text(each): self.value(value, each) for each, value in original.items()}
            case list():
                return [self.value(each, name) for each in original]
            case int() if len(str(original)) == len(ACCOUNT):
                return int(ACCOUNT)
        return original

    def item(self, image: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
        """Return a copy of an item in DynamoDB's JSON. The names of its attributes remain."""
        return {name: self._attribute(name, value) for name, value in image.items()}

    def id_or_text(self, name: str, original: str) -> str:
        """Scrub the value of a property."""
        is_id = _ID_NAME.fullmatch(name) and original not in self.words and not re.search(r"[\s#/@]", original)
        return self.id(original) if is_id else self.text(original)

    def _attribute(self, name: str, value: Mapping[str, Any]) -> dict[str, Any]:
        ((kind, content),) = value.items()
        match kind:
            case "S":
                content = self.id_or_text(name, content)
            case "SS":
                content = sorted({self.id_or_text(name, each) for each in content})
            case "N":
                content = ACCOUNT if len(re.sub(r"\D", "", content)) == len(ACCOUNT) else content
            case "M":
                content = {self.text(key): self._attribute(key, each) for key, each in content.items()}
            case "L":
                content = [self._attribute(name, each) for each in content]
            case "B":
                content = ""
            case "NS" | "BS":
                content = content[:0]
        return {kind: content}

    def _replacement(self, match: re.Match[str]) -> str:
        found = match[0]
        match match.lastgroup:
            case "id":
                return self.id(found)
            case "email":
                return f"user-{self._digest(found)[:8]}@example.com"
            case "time":
                return found
        if found in self.words or f"{found}#" in self.words:
            return found
        return re.sub(r"[^\W\d_]", lambda letter: "X" if letter[0].isupper() else "x", re.sub(r"\d", "0", found))

    @cached_property
    def _parts(self) -> re.Pattern[str]:
        known = "|".join(map(re.escape, sorted(filter(None, self.ids), key=len, reverse=True)))
        ids = rf"(?<![A-Za-z0-9])(?:{_UUID}|{_HEX}{f'|{known}' if known else ''})(?![A-Za-z0-9])"
        return re.compile(rf"(?P<time>{_TIME})|(?P<email>{_EMAIL})|(?P<id>{ids})|(?P<word>\w+)")

    def _digest(self, text: str) -> str:
        return hmac.new(self.key, text.encode(errors="surrogatepass"), hashlib.sha256).hexdigest()


def _what_may_be_invalid(original: str) -> tuple[str, str]:
    """Return the first character if it is a sign, and the other signs. An id that a function rejects must stay one."""
    signs = re.sub(r"[A-Za-z0-9-]", "", re.sub(r"[^\W\d_A-Za-z]", "é", original))
    return "" if original[0].isalnum() else original[0], "".join(sorted(set(signs)))


def key_ids(key: str, words: frozenset[str]) -> Iterator[str]:
    """Yield the ids in a key such as `MSG#7f3a` or `uploads/owner/7f3a`: every part that is no word of the code."""
    for part in re.split(r"[#/]", key):
        if part and part not in words and f"{part}#" not in words and not re.fullmatch(_TIME, part):
            yield part


def ids_in(value: Any, name: str = "") -> Iterator[str]:
    """Yield the values of the properties in parsed JSON whose names are those of ids."""
    match value:
        case str() if _ID_NAME.fullmatch(name) and not re.search(r"[\s#/@]", value):
            yield value
        case Mapping():
            for each, inner in value.items():
                yield from ids_in(inner, name if each in {"S", "SS", "M", "L"} else each)
        case list():
            for each in value:
                yield from ids_in(each, name)
