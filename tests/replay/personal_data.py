"""The texts of a case that no log may contain."""

import base64
import email
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from dev.local_aws.template import key_names
from dev.replay.cases import MARK, Case
from tests.template_facts import TEMPLATE

_LOGGED = re.compile(r"(?s).{0,3}|\d+|[0-9a-f]{32}|[0-9a-f]{64}|\w+/[\w.-]+|rejected")
"""Texts that logs may contain: sizes, ids, hashes, types and a status. Shorter ones are in other texts by chance."""
_IDS = {"version_id"}.union(*key_names(TEMPLATE).values())
_SECRET_LENGTH = 40
"""Tokens and presigned URLs are longer. In paths and answers, ids are shorter."""


def texts(value: Any) -> Iterator[str]:
    """Yield the texts and numbers of parsed JSON."""
    if isinstance(value, dict):
        yield from texts(list(value.values()))
    elif isinstance(value, list | set):
        for each in value:
            yield from texts(each)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def personal_texts(case: Case, event: Mapping[str, Any], answer: Any) -> set[str]:
    """Return the personal data and secrets of a case: of its items, of its event as it was sent, and of its answer."""
    found = {*texts([event.get("headers"), _claims(event).get("email")]), *_of_body(event)}
    found |= {text for text in texts(event.get("pathParameters")) if len(text) > _SECRET_LENGTH}
    found |= {text for text in texts(_parsed(answer)) if len(text) > _SECRET_LENGTH}
    images = [image for record in event.get("Records", []) for image in _images(record)]
    items = [item for name, items in case.expect.get("given", {}).items() if name.endswith("Table") for item in items]
    for item in [*images, *items]:
        found.update(text for text in texts(_without_ids(item)) if MARK not in text)
    return {text for text in found if not _LOGGED.fullmatch(text)}


def _claims(event: Mapping[str, Any]) -> dict[str, Any]:
    claims: dict[str, Any] = event.get("requestContext", {}).get("authorizer", {}).get("claims", {})
    return claims


def _of_body(event: Mapping[str, Any]) -> Iterator[str]:
    """Yield the texts of JSON, or names and contents of the parts of a form."""
    body = event.get("body") or ""
    try:
        data = base64.b64decode(body) if event.get("isBase64Encoded") else body.encode()
    except ValueError:
        yield body
        return
    content_type = (event.get("headers") or {}).get("Content-Type", "")
    form = email.message_from_bytes(f"Content-Type: {content_type}\n\n".encode() + data)
    if not form.is_multipart():
        yield from texts(_parsed(data.decode(errors="replace")))
    for part in form.walk():
        content = part.get_payload(decode=True)
        if part.is_multipart() or not isinstance(content, bytes):
            continue
        yield from (part.get_filename() or "", content.decode(errors="replace"))


def _parsed(value: Any) -> Any:
    """Return what a text contains if that is JSON, also as the body of an answer."""
    if isinstance(value, dict):
        return {name: _parsed(each) for name, each in value.items()}
    try:
        return json.loads(value)
    except (TypeError, ValueError):
        return value


def _images(record: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    change = record.get("dynamodb", {})
    yield from (change[name] for name in ("OldImage", "NewImage") if name in change)


def _without_ids(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name not in _IDS}
