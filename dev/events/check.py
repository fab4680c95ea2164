"""Rules of event files: shaped as AWS sends them, for a function that exists and its trigger.

Powertools' models check the shape and the types. The rules here check what depends on template and contract.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from dev.errors import DevError
from dev.events.sources import Application, Authorizer, Notification, Route, Source, Stream
from dev.local_aws.template import Function
from dev.paths import ROOT
from dev.replay.cases import Case, load_case
from dev.replay.matching import as_json

MALFORMED = "poison"
"""Name of the cases whose purpose is a record that AWS would not send."""

PROXY_FIELDS = {
    *("resource", "path", "httpMethod", "headers", "multiValueHeaders"),
    *("queryStringParameters", "multiValueQueryStringParameters", "pathParameters", "stageVariables"),
    *("requestContext", "body", "isBase64Encoded"),
}
_IMAGES_OF_CHANGE = {"INSERT": {"NewImage"}, "MODIFY": {"NewImage", "OldImage"}, "REMOVE": {"OldImage"}}
_IMAGES_OF_VIEW = {
    "NEW_AND_OLD_IMAGES": {"NewImage", "OldImage"},
    "NEW_IMAGE": {"NewImage"},
    "OLD_IMAGE": {"OldImage"},
    "KEYS_ONLY": set[str](),
}

type Event = Mapping[str, Any]
type Problems = Iterator[str]
"""Each is the place in the event, what is wrong, and what to do."""


def problems(path: Path, application: Application) -> list[str]:
    """Return what is wrong with an event file and its expectation, each line with the name of the file."""
    shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    try:
        found = list(_case_problems(load_case(path), application))
    except DevError as error:
        return [str(error).replace(f"{ROOT}/", "")]
    return [f"{shown}: {problem}" for problem in found]


def _case_problems(case: Case, application: Application) -> Problems:
    for store in sorted({*case.expect.get("given", {}), *case.expect.get("changes", {})} - application.stores):
        yield f"expectation: {store} is not in template.yaml. Name one of: {', '.join(sorted(application.stores))}"
    function = application.functions.get(case.function)
    if function is None:
        yield f"template.yaml has no function {case.function}. Move the file to the folder of a function, or delete it"
    elif case.name != MALFORMED:
        yield from event_problems(case.event, function, application.sources(function))


def event_problems(event: Event, function: Function, sources: Sequence[Source]) -> Problems:
    """Yield what is wrong with an event of a function that has these sources, all of one kind."""
    if not sources:
        yield f"template.yaml gives {function.logical_id} no trigger. Add a route, a mapping or a notification"
        return
    found = [f"{place}: {message}. Shape the event as AWS does" for place, message in _shape_errors(event, sources[0])]
    yield from found or _source_problems(event, sources)


def _shape_errors(event: Event, source: Source) -> Iterator[tuple[str, str]]:
    """Yield place and message of what Powertools' model of a source rejects."""
    from aws_lambda_powertools.utilities.parser import models
    from pydantic import BaseModel, ValidationError

    by_source: dict[str, type[BaseModel]] = {
        "Route": models.APIGatewayProxyEventModel,
        "Stream": models.DynamoDBStreamModel,
        "Notification": models.S3Model,
        "TOKEN": models.ApiGatewayAuthorizerToken,
        "REQUEST": models.ApiGatewayAuthorizerRequest,
    }
    try:
        by_source[source.kind if isinstance(source, Authorizer) else type(source).__name__].model_validate(event)
    except ValidationError as error:
        for each in error.errors():
            yield ".".join(map(str, each["loc"])), each["msg"]
    except Exception as error:  # the models' own validators raise errors of any kind
        yield "event", f"Powertools cannot read it: {error!r}"


def _source_problems(event: Event, sources: Sequence[Source]) -> Problems:
    match sources[0]:
        case Route():
            yield from _route_problems(event, [each for each in sources if isinstance(each, Route)])
        case Authorizer():
            yield from _authorizer_problems(event, sources[0])
        case Stream() | Notification():
            for index, record in enumerate(event["Records"]):
                by_source = [list(_record_problems(record, source)) for source in sources]
                if all(by_source):  # no source sends it
                    yield from (f"Records.{index}.{problem}" for problem in by_source[0])


def _record_problems(record: Event, source: Source) -> Problems:
    match source:
        case Stream():
            if f":table/{source.table_name}/stream/" not in record["eventSourceARN"]:
                arn = record["eventSourceARN"]
                yield f"eventSourceARN: {arn} is not a stream of {source.table}. Name the table {source.table_name}"
            yield from _change_problems(record["dynamodb"], record["eventName"], source)
        case Notification():
            yield from _object_problems(record, source)


def _route_problems(event: Event, routes: Sequence[Route]) -> Problems:
    declared = {(route.method, route.resource): route for route in routes}
    route = declared.get((event["httpMethod"], event["resource"]))
    if route is None:
        names = ", ".join(" ".join(each) for each in declared)
        yield f"resource: {event['httpMethod']} {event['resource']} is not a route of the function. Use {names}"
        return
    if wrong_names := list(_name_problems("event", set(event), PROXY_FIELDS)):
        yield from wrong_names
        return
    parameters = event["pathParameters"] or {}
    names_in_path = set(re.findall(r"\{(\w+)\}", route.resource))
    if parameters.keys() != names_in_path or event["pathParameters"] == {}:
        wanted = ", ".join(sorted(names_in_path)) or "null"
        yield f"pathParameters: {as_json(event['pathParameters'])} does not fit {route.resource}. Give {wanted}"
        return
    path = re.sub(r"\{(\w+)\}", lambda match: str(parameters[match[1]]), route.resource)
    context, several = event["requestContext"], event["multiValueHeaders"]
    single = {name: [text] for name, text in event["headers"].items()}
    for place, actual, expected in (
        ("path", event["path"], path),
        ("requestContext.httpMethod", context["httpMethod"], route.method),
        ("requestContext.resourcePath", context["resourcePath"], route.resource),
        ("requestContext.stage", context["stage"], route.stage),
        ("requestContext.path", context["path"], f"/{route.stage}{path}"),
        ("multiValueHeaders", _other_than(single, several), _other_than(several, single)),
    ):
        if actual != expected:
            yield f"{place}: {as_json(actual)} does not agree with the rest of the event. Make it {as_json(expected)}"
    if ("authorizer" in context) is not route.has_authorizer:
        remedy = "Add the caller's claims" if route.has_authorizer else "Remove it, because the route is open"
        yield f"requestContext.authorizer: does not agree with the security of the contract. {remedy}"


def _other_than(headers: Event, given: Event) -> Event:
    return {name: value for name, value in given.items() if headers.get(name) != value}


def _name_problems(where: str, actual: set[str], expected: set[str]) -> Problems:
    if missing := expected - actual:
        yield f"{where}: {', '.join(sorted(missing))} is missing. Add it"
    if unknown := actual - expected:
        yield f"{where}: {', '.join(sorted(unknown))} is not a field that AWS sends. Remove it"


def _authorizer_problems(event: Event, source: Authorizer) -> Problems:
    if event["type"] != source.kind:
        yield f"type: {event['type']} is not the type of the contract. Make it {source.kind}"
    if source.kind == "TOKEN":
        yield from _name_problems("event", set(event), {"type", "methodArn", "authorizationToken"})
    if not re.match(rf"arn:[\w-]+:execute-api:[\w-]+:\d+:\w+/{source.stage}/[A-Z]+/", event["methodArn"]):
        yield f"methodArn: {event['methodArn']} is not an ARN of the stage {source.stage}. Shape it as API Gateway does"


def _change_problems(change: Event, kind: str, stream: Stream) -> Problems:
    if change["Keys"].keys() != set(stream.keys):
        yield f"dynamodb.Keys: are {', '.join(sorted(change['Keys']))}. {stream.table} has {', '.join(stream.keys)}"
    if change["StreamViewType"] != stream.view:
        yield f"dynamodb.StreamViewType: is {change['StreamViewType']}. The stream of {stream.table} has {stream.view}"
    present = change.keys() & {"NewImage", "OldImage"}
    expected = _IMAGES_OF_CHANGE[kind] & _IMAGES_OF_VIEW[stream.view]
    if missing := expected - present:
        yield f"dynamodb: a record of {kind} has {', '.join(sorted(missing))}. Add it"
    if unknown := present - expected:
        yield f"dynamodb: a record of {kind} in {stream.view} has no {', '.join(sorted(unknown))}. Remove it"
    for name in present:
        if any(change[name].get(key) != value for key, value in change["Keys"].items()):
            yield f"dynamodb.{name}: does not have the values of Keys. Make them agree"


def _object_problems(record: Event, notification: Notification) -> Problems:
    if not fnmatch(f"s3:{record['eventName']}", notification.event):
        sent = f"{notification.bucket} sends {notification.event}"
        yield f"eventName: {record['eventName']} is not sent to the function. {sent}"
    yield from _name_problems("s3", set(record["s3"]), {"s3SchemaVersion", "configurationId", "bucket", "object"})
    if not record["s3"]["object"]["key"].startswith(notification.prefix):
        key = record["s3"]["object"]["key"]
        yield f"s3.object.key: {key} is not under {notification.prefix}. {notification.bucket} sends only such keys"
