"""Event files are of functions that exist, and shaped as AWS would send them."""

import re
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from dev.application.project import load_openapi, load_template
from dev.local_aws.template import Function, functions, operations, resources
from dev.paths import EVENTS
from dev.replay.cases import Case, event_files, load_case

TEMPLATE = load_template()
BY_NAME = {function.name: function for function in functions(TEMPLATE).values()}
FILES = event_files()
CASES = [load_case(path) for path in FILES if path.with_name(f"{path.stem}.expect.json").exists()]
OF_API = [case for case in CASES if "httpMethod" in case.event]
OF_AUTHORIZER = [case for case in CASES if "methodArn" in case.event]
OF_STREAM = [case for case in CASES if "Records" in case.event and "s3" not in case.event["Records"][0]]
OF_BUCKET = [case for case in CASES if "Records" in case.event and "s3" in case.event["Records"][0]]
OPEN_TO_ALL = {route for route, operation in operations(load_openapi()).items() if operation["security"] == []}
PROXY_KEYS = {
    "resource",
    "path",
    "httpMethod",
    "headers",
    "multiValueHeaders",
    "queryStringParameters",
    "multiValueQueryStringParameters",
    "pathParameters",
    "stageVariables",
    "requestContext",
    "body",
    "isBase64Encoded",
}
RECORD_KEYS = {"eventID", "eventName", "eventVersion", "eventSource", "awsRegion", "dynamodb", "eventSourceARN"}
IMAGES = {"INSERT": {"NewImage"}, "MODIFY": {"NewImage", "OldImage"}, "REMOVE": {"OldImage"}}
MALFORMED = {"products/on_change/poison", "users/on_change/poison", "messages/on_message/poison"}
"""Cases whose point is a record that AWS would not send."""


@pytest.mark.parametrize("name", list(BY_NAME))
def test_function_has_a_case_that_succeeds_and_more(name: str) -> None:
    names = {case.name for case in CASES if case.function == name}
    good = "insert" if name.endswith(("/on_change", "/on_message")) else "ok"

    assert good in names, f"events/{name}/{good}.json is missing"
    assert len(names) > 1, f"events/{name} needs a case for each way to fail"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(EVENTS)))
def test_every_event_has_its_expectation(path: Path) -> None:
    load_case(path)


def test_every_expectation_has_its_event() -> None:
    expectations = {path.with_name(path.name.replace(".expect", "")) for path in EVENTS.rglob("*.expect.json")}

    assert {path.resolve() for path in expectations} == set(FILES)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_function_of_the_event_exists(case: Case) -> None:
    assert case.function in BY_NAME


@pytest.mark.parametrize("case", CASES, ids=str)
def test_tables_and_buckets_of_the_expectation_exist(case: Case) -> None:
    named = {*case.expect.get("given", {}), *case.expect.get("changes", {})}

    assert named <= {*resources(TEMPLATE, "AWS::DynamoDB::Table"), *resources(TEMPLATE, "AWS::S3::Bucket")}


@pytest.mark.parametrize("case", OF_API, ids=str)
def test_api_event_has_the_function_s_route(case: Case) -> None:
    event, function = case.event, BY_NAME[case.function]
    method, path = event["httpMethod"], event["resource"]

    assert (method, path) in function.routes
    parameters = event["pathParameters"] or {}
    assert event["pathParameters"] != {}
    assert parameters.keys() == set(re.findall(r"\{(\w+)\}", path))
    assert event["path"] == re.sub(r"\{(\w+)\}", lambda match: parameters[match[1]], path)
    context = event["requestContext"]
    assert (context["httpMethod"], context["resourcePath"], context["path"]) == (method, path, f"/v1{event['path']}")


@pytest.mark.parametrize("case", OF_API, ids=str)
def test_api_event_has_the_shape_of_a_rest_proxy(case: Case) -> None:
    event = case.event

    assert set(event) == PROXY_KEYS
    assert event["multiValueHeaders"] == {name: [value] for name, value in event["headers"].items()}
    assert {"requestId", "identity", "stage", "apiId"} <= event["requestContext"].keys()
    is_open = (event["httpMethod"], event["resource"]) in OPEN_TO_ALL
    assert ("authorizer" in event["requestContext"]) is not is_open


@pytest.mark.parametrize("case", OF_AUTHORIZER, ids=str)
def test_authorizer_event_has_the_shape_of_a_token_authorizer(case: Case) -> None:
    assert case.event.keys() == {"type", "methodArn", "authorizationToken"}
    assert case.event["type"] == "TOKEN"
    assert "local/v1/PUT/users/" in case.event["methodArn"]


@pytest.mark.parametrize("case", OF_STREAM, ids=str)
def test_stream_event_has_a_mapping(case: Case) -> None:
    assert mapping_of(BY_NAME[case.function])


@pytest.mark.parametrize("case", [case for case in OF_STREAM if str(case) not in MALFORMED], ids=str)
def test_stream_record_has_the_images_of_its_change(case: Case) -> None:
    for record in case.event["Records"]:
        assert record.keys() >= RECORD_KEYS
        assert record["eventSource"] == "aws:dynamodb"
        assert record["dynamodb"].keys() >= IMAGES[record["eventName"]] | {"Keys", "SequenceNumber", "StreamViewType"}
        assert not record["dynamodb"].keys() & ({"NewImage", "OldImage"} - IMAGES[record["eventName"]])


@pytest.mark.parametrize("case", [case for case in OF_STREAM if str(case) not in MALFORMED], ids=str)
def test_stream_record_has_the_keys_and_view_of_its_table(case: Case) -> None:
    table = TEMPLATE["Resources"][table_of(mapping_of(BY_NAME[case.function]))]["Properties"]
    for record in case.event["Records"]:
        assert set(record["dynamodb"]["Keys"]) == {key["AttributeName"] for key in table["KeySchema"]}
        assert record["dynamodb"]["StreamViewType"] == table["StreamSpecification"]["StreamViewType"]


@pytest.mark.parametrize("case", OF_BUCKET, ids=str)
def test_bucket_event_is_one_that_the_bucket_sends_to_the_function(case: Case) -> None:
    sent = [
        (notification["Event"], rule["Value"])
        for bucket in resources(TEMPLATE, "AWS::S3::Bucket").values()
        for notification in bucket["Properties"].get("NotificationConfiguration", {}).get("LambdaConfigurations", [])
        if notification["Function"] == {"Fn::GetAtt": [BY_NAME[case.function].logical_id, "Arn"]}
        for rule in notification["Filter"]["S3Key"]["Rules"]
    ]
    ((kind, prefix),) = sent
    for record in case.event["Records"]:
        assert record.keys() >= {"eventVersion", "eventSource", "awsRegion", "eventTime", "eventName"}
        assert record["eventSource"] == "aws:s3"
        assert fnmatch(f"s3:{record['eventName']}", kind)
        assert record["s3"].keys() == {"s3SchemaVersion", "configurationId", "bucket", "object"}
        assert record["s3"]["object"].keys() == {"key", "size", "eTag", "versionId", "sequencer"}
        assert record["s3"]["object"]["key"].startswith(prefix)


def test_every_event_is_of_a_known_source() -> None:
    assert len(OF_API) + len(OF_STREAM) + len(OF_AUTHORIZER) + len(OF_BUCKET) == len(CASES)


def mapping_of(function: Function) -> dict[str, Any]:
    (mapping,) = [
        body["Properties"]
        for body in resources(TEMPLATE, "AWS::Lambda::EventSourceMapping").values()
        if body["Properties"]["FunctionName"] == {"Ref": function.logical_id}
    ]
    found: dict[str, Any] = mapping
    return found


def table_of(mapping: dict[str, Any]) -> str:
    source = mapping["EventSourceArn"]["Fn::GetAtt"]
    return (source if isinstance(source, str) else source[0]).split(".")[0]
