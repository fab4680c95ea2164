"""Rules of event files: valid events of each source pass, and each problem is named with its place and a remedy."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from dev.events.check import problems
from tests.unit.dev.events.notes import (
    APPLICATION,
    BUCKET_EVENT,
    MARKED,
    ROUTE_EVENT,
    STREAM_EVENT,
    TOKEN_EVENT,
    problems_of,
)

RECORD = "Records.0."


def changed(event: dict[str, Any], place: str, value: Any) -> dict[str, Any]:
    """Return a copy of an event with another value in one place. Without a value, the place is removed."""
    copied = copy.deepcopy(event)
    *path, last = [int(part) if part.isdigit() else part for part in place.split(".")]
    inner: Any = copied
    for part in path:
        inner = inner[part]
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    return copied


@pytest.mark.parametrize(
    ("function", "event", "place", "value", "problem"),
    [
        (
            *("notes/create", ROUTE_EVENT, "requestContext.identity.sourceIp", None),
            "requestContext.identity.sourceIp: Field required. Shape the event as AWS does",
        ),
        (
            *("notes/create", ROUTE_EVENT, "resource", "/notes"),
            "resource: POST /notes is not a route of the function. Use POST /notes/{note_id}",
        ),
        (
            *("notes/create", ROUTE_EVENT, "pathParameters", {"id": MARKED}),
            f'pathParameters: {{"id": "{MARKED}"}} does not fit /notes/{{note_id}}. Give note_id',
        ),
        (
            *("notes/create", ROUTE_EVENT, "path", "/notes/other"),
            f'path: "/notes/other" does not agree with the rest of the event. Make it "/notes/{MARKED}"',
        ),
        (
            *("notes/create", ROUTE_EVENT, "requestContext.stage", "v2"),
            'requestContext.stage: "v2" does not agree with the rest of the event. Make it "v1"',
        ),
        (
            *("notes/create", ROUTE_EVENT, "headers.Range", "all"),
            'multiValueHeaders: {} does not agree with the rest of the event. Make it {"Range": ["all"]}',
        ),
        (
            *("notes/create", ROUTE_EVENT, "requestContext.authorizer", None),
            "requestContext.authorizer: does not agree with the security of the contract. Add the caller's claims",
        ),
        (
            *("notes/create", ROUTE_EVENT, "version", "2.0"),
            "event: version is not a field that AWS sends. Remove it",
        ),
        (*("notes/create", ROUTE_EVENT, "pathParameters", None), "event: pathParameters is missing. Add it"),
        (
            *("notes/create", ROUTE_EVENT, "requestContext", []),
            "event: Powertools cannot read it: AttributeError(\"'list' object has no attribute 'get'\"). "
            "Shape the event as AWS does",
        ),
        (
            *("notes/on_change", STREAM_EVENT, f"{RECORD}dynamodb.NewImage.size", {"N": "x"}),
            "event: Powertools cannot read it: InvalidOperation([<class 'decimal.ConversionSyntax'>]). "
            "Shape the event as AWS does",
        ),
        (
            *("notes/on_change", STREAM_EVENT, f"{RECORD}dynamodb.Keys", {"pk": {"S": MARKED}}),
            "Records.0.dynamodb.Keys: are pk. NotesTable has id",
        ),
        (
            *("notes/on_change", STREAM_EVENT, f"{RECORD}dynamodb.StreamViewType", "NEW_AND_OLD_IMAGES"),
            "Records.0.dynamodb.StreamViewType: is NEW_AND_OLD_IMAGES. The stream of NotesTable has NEW_IMAGE",
        ),
        (
            *("notes/on_change", STREAM_EVENT, f"{RECORD}dynamodb.NewImage", None),
            "Records.0.dynamodb: a record of INSERT has NewImage. Add it",
        ),
        (
            *("notes/on_change", STREAM_EVENT, f"{RECORD}dynamodb.NewImage.id", {"S": "other"}),
            "Records.0.dynamodb.NewImage: does not have the values of Keys. Make them agree",
        ),
        (
            *("notes/on_change", STREAM_EVENT, f"{RECORD}dynamodb.OldImage", {"id": {"S": MARKED}}),
            "Records.0.dynamodb: a record of INSERT in NEW_IMAGE has no OldImage. Remove it",
        ),
        (
            *("notes/on_change", STREAM_EVENT, f"{RECORD}eventName", "MODIFIED"),
            "Records.0.eventName: Input should be 'INSERT', 'MODIFY' or 'REMOVE'. Shape the event as AWS does",
        ),
        (
            *("notes/on_change", STREAM_EVENT, f"{RECORD}eventSourceARN", "arn:aws:dynamodb:::table/users/stream/1"),
            "Records.0.eventSourceARN: arn:aws:dynamodb:::table/users/stream/1 is not a stream of NotesTable. "
            "Name the table notes",
        ),
        (
            *("notes/on_file", BUCKET_EVENT, f"{RECORD}eventName", "ObjectRemoved:Delete"),
            "Records.0.eventName: ObjectRemoved:Delete is not sent to the function. "
            "FilesBucket sends s3:ObjectCreated:*",
        ),
        (
            *("notes/on_file", BUCKET_EVENT, f"{RECORD}s3.object.key", "other/1"),
            "Records.0.s3.object.key: other/1 is not under uploads/. FilesBucket sends only such keys",
        ),
        (
            *("notes/authorize", TOKEN_EVENT, "methodArn", "arn:aws:execute-api:us-east-1:1:a/dev/GET/secrets"),
            "methodArn: arn:aws:execute-api:us-east-1:1:a/dev/GET/secrets is not an ARN of the stage v1. "
            "Shape it as API Gateway does",
        ),
    ],
)
def test_a_wrong_event_is_named_with_place_and_remedy(
    function: str, event: dict[str, Any], place: str, value: Any, problem: str
) -> None:
    assert problem in problems_of(function, changed(event, place, value))


def test_a_case_of_no_function_names_its_file(tmp_path: Path) -> None:
    path = tmp_path / "notes" / "archive" / "ok.json"
    path.parent.mkdir(parents=True)
    path.write_text("{}")
    path.with_name("ok.expect.json").write_text(json.dumps({"status": 200, "given": {"NoTable": []}}))

    assert problems(path, APPLICATION) == [
        f"{path}: expectation: NoTable is not in template.yaml. Name one of: FilesBucket, NotesTable, PlainBucket",
        f"{path}: template.yaml has no function notes/archive. Move the file to the folder of a function, or delete it",
    ]
