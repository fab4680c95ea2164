"""Makes the first event and expectation of a case, from the contract and the demo data."""

import base64
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx

from dev.application import demo_data
from dev.application.people import PEOPLE
from dev.errors import DevError
from dev.events import shapes
from dev.events.scrub import Scrubber, key_ids, vocabulary
from dev.events.sources import Application, Authorizer, Notification, Route, Stream
from dev.local_aws.event_sources.filter import verdict
from dev.local_aws.template import Function
from dev.paths import FUNCTIONS
from dev.replay.cases import MARK

_IDS = (shapes.CUSTOMER, f"{'0' * 20}{MARK}", f"{'0' * 52}{MARK}", f"{'0' * 20}{MARK}{'A' * 43}")
_TEXTS = ("example", "someone@example.com")

type Event = dict[str, Any]


def new_case(application: Application, function: Function) -> tuple[Event, Event]:
    """Return an event of a function, and an expectation of its first successful outcome. Raises DevError."""
    match application.sources(function):
        case [Route() as route, *_]:
            success = min(status for status in route.operation["responses"] if status[0] in "23")
            return shapes.route_event(application, route, _request(application, route)), {"status": int(success)}
        case [Stream() as stream, *_]:
            return {"Records": [_record(application, stream)]}, {"returns": {"batchItemFailures": []}}
        case [Notification() as notification, *_]:
            return _notified(notification)
        case [Authorizer(kind="TOKEN") as authorizer, *_]:
            user = PEOPLE[0][0].partition("@")[0]
            path = re.sub(r"\{\w+\}", shapes.CUSTOMER, authorizer.resource)
            return shapes.token_event(authorizer, path, f"TOKEN_OF_{user}"), {"returns": {}}
    raise DevError(f"{function.logical_id} has no trigger that this command knows. Write the event by hand")


def _request(application: Application, route: Route) -> shapes.Request:
    required = [each for each in route.parameters if each.get("required")]
    values = {each["name"]: str(_example(application, each["schema"])) for each in required}
    path, query, headers = (
        {each["name"]: values[each["name"]] for each in required if each["in"] == kind}
        for kind in ("path", "query", "header")
    )
    content = route.operation.get("requestBody", {}).get("content", {})
    if not content:
        return shapes.Request(path, headers=headers, query=query)
    media_type, described = next(iter(content.items()))
    body = _example(application, described["schema"])
    if media_type == "multipart/form-data":
        headers["Content-Type"] = f"{media_type}; boundary=example"
        return shapes.Request(path, _multipart(body, headers), is_base64=True, headers=headers, query=query)
    headers["Content-Type"] = media_type
    return shapes.Request(path, json.dumps(body), headers=headers, query=query)


def _multipart(fields: Mapping[str, Any], headers: Mapping[str, str]) -> str:
    """Return form fields as API Gateway passes them on, in base64. Values of bytes are files."""
    files = {name: ("example.txt", value) for name, value in fields.items() if isinstance(value, bytes)}
    data = {name: value for name, value in fields.items() if name not in files}
    return base64.b64encode(httpx.Request("POST", "http://x", data=data, files=files, headers=headers).read()).decode()


def _example(application: Application, given: Mapping[str, Any]) -> Any:
    """Return a value that a schema allows: required properties only, the smallest numbers. Raises DevError."""
    schema = application.resolve(given)
    if schema.get("type") == "object":
        names = schema.get("required") or (schema["properties"] if schema.get("minProperties") else [])
        return {name: _example(application, schema["properties"][name]) for name in names}
    if schema.get("type") in {"integer", "number"}:
        return max(schema.get("minimum", 1), 1)
    others: dict[str, Any] = {"array": [], "boolean": False, "string": _text(schema)}
    return others[schema["type"]]


def _text(schema: Mapping[str, Any]) -> str | bytes:
    if schema.get("format") == "binary":
        return b"example"
    examples = (*_IDS, *_TEXTS) if "pattern" in schema else _TEXTS
    for text in schema.get("enum", examples):
        if re.search(schema.get("pattern", ""), text):
            return str(text)
    raise DevError(f"No example matches {schema['pattern']}. Add one to _TEXTS in dev/events/new.py")


def _record(application: Application, stream: Stream) -> Event:
    """Return a change of a demo item that the mapping delivers, with the ids of a case. Raises DevError."""
    items = [demo_data.attribute_values(item) for item in demo_data.ITEMS.get(stream.table, [])]
    words = vocabulary(FUNCTIONS, application.contract)
    ids = {each for item in items for name in stream.keys for each in key_ids(item[name]["S"], words)}
    texts = {value["S"] for item in items for value in item.values() if "S" in value} - ids
    scrubber = Scrubber(b"demo", words | {text for text in texts if not any(each in text for each in ids)}, ids)
    items = [scrubber.item(item) for item in items] or [{name: {"S": shapes.CUSTOMER} for name in stream.keys}]
    for kind in ("INSERT", "MODIFY", "REMOVE"):
        for item in items:
            record = _change(stream, kind, item)
            if verdict(stream.patterns, record).delivered:
                return record
    raise DevError(
        f"The filter delivers no change of the demo data of {stream.table}. Copy another case and change it."
    )


def _change(stream: Stream, kind: str, item: Mapping[str, Any]) -> Event:
    change: Event = {"Keys": {name: item[name] for name in stream.keys}}
    if kind != "REMOVE" and stream.view in {"NEW_IMAGE", "NEW_AND_OLD_IMAGES"}:
        change["NewImage"] = item
    if kind != "INSERT" and stream.view in {"OLD_IMAGE", "NEW_AND_OLD_IMAGES"}:
        change["OldImage"] = item
    return shapes.stream_record(stream, change, eventID=f"{'0' * 20}{MARK}", eventName=kind)


def _notified(notification: Notification) -> tuple[Event, Event]:
    key = f"{notification.prefix}{shapes.CUSTOMER}"
    content = {"size": 7, "versionId": f"VERSION_OF_{key}"}
    event = {"Records": [shapes.object_record(notification, quote(key), content)]}
    given = {"key": key, "base64": base64.b64encode(b"example").decode(), "content_type": "text/plain"}
    return event, {"given": {notification.bucket: [given]}, "returns": None}
