"""Turns invocations in a function's log into cases, without anyone's data.

The envelope of an event is that of a new case. What the caller sent is scrubbed and put into it, and no field of the
envelope is copied.
"""

import base64
import json
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote_plus

from dev.application.deployed_stack import DeployedStack
from dev.application.people import PEOPLE
from dev.errors import DevError
from dev.events import shapes
from dev.events.scrub import Scrubber, ids_in, key_ids
from dev.events.sources import Application, Authorizer, Notification, Route, Stream
from dev.local_aws.logs import FIELDS_OF_POWERTOOLS, log_groups, structured_fields
from dev.local_aws.template import Function

type Event = dict[str, Any]

_CONTEXT_FIELDS = ("requestTime", "requestTimeEpoch")
_RECORD_FIELDS = ("eventName", "eventVersion", "eventSource")
_CHANGE_FIELDS = ("ApproximateCreationDateTime", "SequenceNumber", "SizeBytes")
_ENTITY_TAG = re.compile(r'\*|(?:W/)?"\d{1,15}-[0-9TZ:.-]{24}"')


@dataclass(frozen=True, slots=True)
class Invocation:
    """An event that a function received, and the structured lines that it then logged."""

    request_id: str
    event: Event
    lines: tuple[Mapping[str, Any], ...]


class NotCapturedError(DevError):
    """An event that cannot be scrubbed."""


def read_log(deployed: DeployedStack, function: Function, since: datetime) -> Iterator[str]:
    """Yield the log lines of a function since a time."""
    groups = log_groups(deployed.resources)
    if function.logical_id not in groups:
        raise DevError(f"The stack {deployed.name} has no {function.logical_id}: deploy the current template.yaml.")
    pages = deployed.client("logs").get_paginator("filter_log_events")
    for page in pages.paginate(logGroupName=groups[function.logical_id], startTime=int(since.timestamp() * 1000)):
        yield from (entry["message"] for entry in page["events"])


def secret_key(path: Path) -> bytes:
    """Return the key of this machine's ids. With it, events that are captured later have the same ids."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(secrets.token_bytes(32))
    return path.read_bytes()


def invocations(messages: Iterable[str]) -> list[Invocation]:
    """Return the invocations in a log whose events were logged, in their order."""
    events: dict[str, Event] = {}
    lines: dict[str, list[Mapping[str, Any]]] = {}
    for fields in map(structured_fields, messages):
        request_id = str(fields.get("function_request_id"))
        if isinstance(fields.get("message"), dict):
            events[request_id] = fields["message"]
        elif fields:
            lines.setdefault(request_id, []).append(fields)
    return [Invocation(each, event, tuple(lines.get(each, ()))) for each, event in events.items()]


@dataclass(frozen=True)
class Capture:
    """Makes cases of the invocations of one function."""

    application: Application
    function: Function
    scrubber: Scrubber

    def with_ids_of(self, found: Iterable[Invocation]) -> "Capture":
        """Return a capture that recognizes the ids of all these events, also within texts."""
        ids = {each for invocation in found for each in self._ids(invocation.event)}
        return replace(self, scrubber=replace(self.scrubber, ids=ids - self.scrubber.words))

    def name(self, invocation: Invocation) -> str:
        """Return the name of a case. The same invocation always has the same name."""
        return f"captured-{self.scrubber.id(invocation.request_id)[:8]}"

    def case(self, invocation: Invocation) -> tuple[Event, Event]:
        """Return event and expectation of an invocation. Raises NotCapturedError."""
        event = invocation.event
        for source in self.application.sources(self.function):
            match source:
                case Route() if (source.method, source.resource) == (event.get("httpMethod"), event.get("resource")):
                    return self._route_event(source, event), self._expectation(invocation)
                case Stream() if "Records" in event:
                    records = [self._stream_record(source, record) for record in event["Records"]]
                    return {"Records": records}, self._expectation(invocation)
                case Notification() if "Records" in event:
                    records = [self._object_record(source, record) for record in event["Records"]]
                    return {"Records": records}, self._expectation(invocation)
                case Authorizer(kind="TOKEN") if f"/{source.method}/" in event.get("methodArn", ""):
                    if any("reason" in line for line in invocation.lines):
                        raise NotCapturedError("its token was rejected, and no placeholder stands for such a token")
                    return self._token_event(source, event), self._expectation(invocation)
        raise NotCapturedError("it is not from a trigger in template.yaml")

    def _ids(self, event: Event) -> Iterator[str]:
        words = self.scrubber.words
        yield from (event.get("pathParameters") or {}).values()
        yield from ids_in(_claims_in(event))
        yield from (value for name, value in _claims_in(event).items() if name.startswith("custom:"))
        yield from ids_in(_json(event.get("body")))
        for record in event.get("Records", []):
            for part in (record.get("dynamodb") or {}).values():
                yield from ids_in(part)
            for value in record.get("dynamodb", {}).get("Keys", {}).values():
                yield from key_ids(value.get("S", ""), words)
            if "s3" in record:
                yield from key_ids(unquote_plus(record["s3"]["object"]["key"]), words)
        if "methodArn" in event:
            yield from key_ids(event["methodArn"].split("/", 3)[-1], words)

    def _route_event(self, route: Route, event: Event) -> Event:
        parameters = {name: self.scrubber.id(value) for name, value in (event["pathParameters"] or {}).items()}
        headers = {name.lower(): value for name, value in (event["headers"] or {}).items()}
        known = {each["name"] for each in route.parameters if each["in"] == "header"}
        kept = {name: self._header(headers[name.lower()]) for name in known if name.lower() in headers}
        body = None
        if event["body"]:
            content_type = headers.get("content-type", "").partition(";")[0].strip()
            parsed = None if event["isBase64Encoded"] else _json(event["body"])
            if parsed is None:
                raise NotCapturedError(f"its body of {content_type or 'no type'} is not JSON")
            body = json.dumps(self.scrubber.value(parsed), ensure_ascii=False, default=float)
            kept["Content-Type"] = "application/json"
        declared = {each["name"] for each in route.parameters}
        query = {
            name if name in declared else self.scrubber.text(name): self._query(value)
            for name, value in (event.get("queryStringParameters") or {}).items()
        }
        context = {name: event["requestContext"][name] for name in _CONTEXT_FIELDS if name in event["requestContext"]}
        request_id = self.scrubber.id(event["requestContext"]["requestId"])
        return shapes.route_event(
            self.application,
            route,
            shapes.Request(
                parameters,
                body,
                headers=kept,
                query=query,
                claims=self._claims(event),
                context=context | {"requestId": request_id},
            ),
        )

    def _header(self, value: str) -> str:
        return value if _ENTITY_TAG.fullmatch(value) else self.scrubber.id(value)

    def _query(self, value: str) -> str:
        """Scrub a number, a cursor, or any other text."""
        if re.fullmatch(r"\d{1,4}", value):
            return value
        try:
            cursor = json.loads(base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True))
        except ValueError:
            return self.scrubber.text(value)
        return base64.urlsafe_b64encode(json.dumps(self.scrubber.value(cursor)).encode()).decode().rstrip("=")

    def _claims(self, event: Event) -> Event:
        """Return the claims that decide what the caller may do. All others are those of a new case."""
        claims = _claims_in(event)
        custom = {name: self.scrubber.id(str(value)) for name, value in claims.items() if name.startswith("custom:")}
        kept = {name: self.scrubber.text(claims[name]) for name in ("token_use", "cognito:groups") if name in claims}
        fixed = {name: value for name, value in shapes.CLAIMS.items() if not name.startswith("custom:")}
        return fixed | {"sub": self.scrubber.id(str(claims.get("sub", "")))} | custom | kept

    def _stream_record(self, stream: Stream, record: Mapping[str, Any]) -> Event:
        change = {name: record["dynamodb"][name] for name in _CHANGE_FIELDS if name in record["dynamodb"]}
        for name in ("Keys", "NewImage", "OldImage"):
            if name in record["dynamodb"]:
                change[name] = self.scrubber.item(record["dynamodb"][name])
        fields = {name: record[name] for name in _RECORD_FIELDS}
        return shapes.stream_record(stream, change, eventID=self._hexadecimal(record["eventID"]), **fields)

    def _object_record(self, notification: Notification, record: Mapping[str, Any]) -> Event:
        stored = record["s3"]["object"]
        content = {name: stored[name] for name in ("size", "sequencer") if name in stored}
        content |= {name: self._hexadecimal(stored[name]) for name in ("eTag", "versionId") if name in stored}
        fields = {name: record[name] for name in (*_RECORD_FIELDS, "eventTime")}
        key = quote(self.scrubber.text(unquote_plus(stored["key"])))
        return shapes.object_record(notification, key, content, **fields)

    def _token_event(self, authorizer: Authorizer, event: Event) -> Event:
        path = event["methodArn"].split("/", 3)[-1]
        return shapes.token_event(authorizer, self.scrubber.text(path), _token(event["authorizationToken"]))

    def _hexadecimal(self, value: str) -> str:
        """Return another id of 32 hexadecimal digits."""
        return self.scrubber.id(value.ljust(32, "0") if re.fullmatch(r"[0-9a-f]{,31}", value) else value)

    def _expectation(self, invocation: Invocation) -> Event:
        """Return what the log tells: the status, the records that failed, and the lines in the words of the code."""
        lines = [self._line(line) for line in invocation.lines]
        expect: Event = {"logs": lines} if lines else {}
        statuses = [line["status"] for line in invocation.lines if isinstance(line.get("status"), int)]
        if "httpMethod" in invocation.event:
            if not statuses:
                raise NotCapturedError("its log has no status")
            return {"status": statuses[-1]} | expect
        records = invocation.event.get("Records")
        if records is None:
            return {"returns": {}} | expect
        if "s3" in records[0]:
            return {"returns": None} | expect
        failed = {str(line.get("correlation_id")) for line in invocation.lines if line.get("level") == "ERROR"}
        failures = [
            {"itemIdentifier": record["dynamodb"]["SequenceNumber"]}
            for record in records
            if record["eventID"] in failed
        ]
        return {"returns": {"batchItemFailures": failures}} | expect

    def _line(self, line: Mapping[str, Any]) -> Event:
        """Return level and message, and the fields whose values are words of the code."""
        own = {name: value for name, value in line.items() if name not in FIELDS_OF_POWERTOOLS}
        words = {name: value for name, value in own.items() if isinstance(value, str) and value in self.scrubber.words}
        return {"level": line["level"], "message": self.scrubber.text(str(line["message"]))} | words


def _token(header: str) -> str:
    """Return the placeholder of a demo user in the same groups as the bearer of a token."""
    payload = _json(_decoded(header.rpartition(" ")[2].split(".")[1])) if header.count(".") == 2 else None  # noqa: PLR2004
    groups = payload.get("cognito:groups", []) if isinstance(payload, dict) else []
    named = [email.partition("@")[0] for email, _, in_groups in PEOPLE if sorted(in_groups) == sorted(groups)]
    if not named:
        raise NotCapturedError("no demo user is in the groups of its token")
    return f"TOKEN_OF_{named[0]}"


def _decoded(part: str) -> str:
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode()
    except ValueError:
        return ""


def _claims_in(event: Event) -> Event:
    claims: Event = ((event.get("requestContext") or {}).get("authorizer") or {}).get("claims") or {}
    return claims


def _json(text: Any) -> Any:
    """Return parsed JSON, None for anything else."""
    try:
        return json.loads(text) if isinstance(text, str) else None
    except ValueError:
        return None
