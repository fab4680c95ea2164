"""Event files are of functions that exist, and shaped as AWS would send them."""

import re
from fnmatch import fnmatch
from typing import Any

from dev.errors import DevError
from dev.local_aws.template import Function, resources
from dev.paths import EVENTS
from dev.replay.cases import Case, event_files, load_case
from dev.replay.matching import Difference, differences
from tests.lint.rules import check
from tests.template_facts import FUNCTIONS_BY_ID, OPERATIONS, TEMPLATE

BY_NAME = {function.name: function for function in FUNCTIONS_BY_ID.values()}
FILES = event_files()


def load_cases() -> tuple[list[Case], list[str]]:
    """Return the cases of functions that exist, and what is wrong with the files of the others."""
    cases, problems = [], []
    for path in FILES:
        try:
            case = load_case(path)
        except DevError as error:
            problems.append(str(error).replace(f"{EVENTS}/", "events/"))
            continue
        if case.function in BY_NAME:
            cases.append(case)
        else:
            problems.append(f"events/{case} is of a function that template.yaml does not have")
    return cases, problems


CASES, PROBLEMS = load_cases()
OF_API = [case for case in CASES if "httpMethod" in case.event]
OF_AUTHORIZER = [case for case in CASES if "methodArn" in case.event]
OF_STREAM = [case for case in CASES if "Records" in case.event and "s3" not in case.event["Records"][0]]
OF_BUCKET = [case for case in CASES if "Records" in case.event and "s3" in case.event["Records"][0]]
OPEN_TO_ALL = {route for route, operation in OPERATIONS.items() if operation["security"] == []}
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
MALFORMED = "poison"
"""Name of the cases whose point is a record that AWS would not send."""


def test_every_function_has_a_case_that_succeeds_and_more() -> None:
    good = {name: "insert" if name.endswith(("/on_change", "/on_message")) else "ok" for name in BY_NAME}
    names = {name: {path.name.partition(".")[0] for path in (EVENTS / name).glob("*.json")} for name in BY_NAME}

    offenders = [
        *(f"events/{name}/{good[name]}.json" for name in BY_NAME if good[name] not in names[name]),
        *(f"events/{name}: a case for each way to fail" for name in BY_NAME if names[name] == {good[name]}),
    ]
    check(offenders, "Add these events")


def test_every_event_has_a_function_and_an_expectation() -> None:
    check(PROBLEMS, "Correct these event files")


def test_every_expectation_has_its_event() -> None:
    expectations = {path.with_name(path.name.replace(".expect", "")) for path in EVENTS.rglob("*.expect.json")}

    orphans = sorted({path.resolve() for path in expectations} - set(FILES))
    check((path.relative_to(EVENTS) for path in orphans), "Add these events, or delete what they expect")


def test_tables_and_buckets_of_expectations_exist() -> None:
    known = {*resources(TEMPLATE, "AWS::DynamoDB::Table"), *resources(TEMPLATE, "AWS::S3::Bucket")}

    offenders = [
        f"{case}: {name}"
        for case in CASES
        for name in sorted({*case.expect.get("given", {}), *case.expect.get("changes", {})} - known)
    ]
    check(offenders, "Name tables and buckets of template.yaml")


def test_events_of_the_api_have_the_function_s_route() -> None:
    check((case for case in OF_API if not has_its_route(case)), "Make method, resource, path and parameters agree")


def has_its_route(case: Case) -> bool:
    event, context = case.event, case.event["requestContext"]
    method, resource, path = event["httpMethod"], event["resource"], event["path"]
    parameters = event["pathParameters"] or {}
    return (
        (method, resource) in BY_NAME[case.function].routes
        and event["pathParameters"] != {}
        and parameters.keys() == set(re.findall(r"\{(\w+)\}", resource))
        and path == re.sub(r"\{(\w+)\}", lambda match: parameters[match[1]], resource)
        and (context["httpMethod"], context["resourcePath"], context["path"]) == (method, resource, f"/v1{path}")
    )


def test_events_of_the_api_have_the_shape_of_a_rest_proxy() -> None:
    check((case for case in OF_API if not is_rest_proxy(case.event)), "Shape the event as API Gateway does")


def is_rest_proxy(event: dict[str, Any]) -> bool:
    is_open = (event["httpMethod"], event["resource"]) in OPEN_TO_ALL
    return (
        set(event) == PROXY_KEYS
        and event["multiValueHeaders"] == {name: [value] for name, value in event["headers"].items()}
        and {"requestId", "identity", "stage", "apiId"} <= event["requestContext"].keys()
        and ("authorizer" in event["requestContext"]) is not is_open
    )


def test_events_of_the_authorizer_have_the_shape_of_a_token_authorizer() -> None:
    offenders = [
        case
        for case in OF_AUTHORIZER
        if case.event.keys() != {"type", "methodArn", "authorizationToken"}
        or case.event["type"] != "TOKEN"
        or not re.search(r":local/v1/[A-Z]+/", case.event["methodArn"])
    ]

    check(offenders, "Shape the event as API Gateway does")


def test_stream_events_are_of_functions_with_a_mapping() -> None:
    check((case for case in OF_STREAM if not mappings_of(case)), "Give the function a mapping in template.yaml")


def test_stream_records_have_the_images_of_their_change() -> None:
    offenders = [
        f"{case}, record {number}"
        for case in OF_STREAM
        if case.name != MALFORMED
        for number, record in enumerate(case.event["Records"], 1)
        if not has_its_images(record)
    ]

    check(offenders, "Shape the record as DynamoDB does: images, keys and sequence number of its change")


def has_its_images(record: dict[str, Any]) -> bool:
    images = IMAGES[record["eventName"]]
    return (
        record.keys() >= RECORD_KEYS
        and record["eventSource"] == "aws:dynamodb"
        and record["dynamodb"].keys() >= images | {"Keys", "SequenceNumber", "StreamViewType"}
        and not record["dynamodb"].keys() & ({"NewImage", "OldImage"} - images)
    )


def test_stream_records_have_the_keys_and_view_of_their_table() -> None:
    offenders = [
        f"{case}, record {number}: {line}"
        for case in OF_STREAM
        if case.name != MALFORMED
        for mapping in mappings_of(case)
        for number, record in enumerate(case.event["Records"], 1)
        for line in wrong_for_its_table(record, TEMPLATE["Resources"][table_of(mapping)]["Properties"])
    ]

    check(offenders, "Take keys and view from the table in template.yaml")


def wrong_for_its_table(record: dict[str, Any], table: dict[str, Any]) -> list[Difference]:
    expected = {
        "keys": sorted(key["AttributeName"] for key in table["KeySchema"]),
        "view": table["StreamSpecification"]["StreamViewType"],
    }
    change = record["dynamodb"]
    return list(differences(expected, {"keys": sorted(change["Keys"]), "view": change["StreamViewType"]}, "it"))


def test_bucket_events_are_those_that_the_bucket_sends() -> None:
    offenders = [
        f"{case}, record {number}"
        for case in OF_BUCKET
        for number, record in enumerate(case.event["Records"], 1)
        if not any(is_sent(record, kind, prefix) for kind, prefix in notifications_of(case))
    ]

    check(offenders, "Shape the record as S3 does, for an object that the function is notified of")


def is_sent(record: dict[str, Any], kind: str, prefix: str) -> bool:
    return (
        record.keys() >= {"eventVersion", "eventSource", "awsRegion", "eventTime", "eventName"}
        and record["eventSource"] == "aws:s3"
        and fnmatch(f"s3:{record['eventName']}", kind)
        and record["s3"].keys() == {"s3SchemaVersion", "configurationId", "bucket", "object"}
        and record["s3"]["object"].keys() == {"key", "size", "eTag", "versionId", "sequencer"}
        and record["s3"]["object"]["key"].startswith(prefix)
    )


def notifications_of(case: Case) -> list[tuple[str, str]]:
    """Return the events and prefixes that buckets notify a case's function of."""
    return [
        (notification["Event"], rule["Value"])
        for bucket in resources(TEMPLATE, "AWS::S3::Bucket").values()
        for notification in bucket["Properties"].get("NotificationConfiguration", {}).get("LambdaConfigurations", [])
        if notification["Function"] == {"Fn::GetAtt": [BY_NAME[case.function].logical_id, "Arn"]}
        for rule in notification["Filter"]["S3Key"]["Rules"]
    ]


def test_every_event_is_of_a_known_source() -> None:
    known = {str(case) for case in (*OF_API, *OF_STREAM, *OF_AUTHORIZER, *OF_BUCKET)}

    check((case for case in CASES if str(case) not in known), "Add the shape of the source's events here")


def mappings_of(case: Case) -> list[dict[str, Any]]:
    """Return the stream mappings of a case's function: one for each consumer."""
    function: Function = BY_NAME[case.function]
    return [
        body["Properties"]
        for body in resources(TEMPLATE, "AWS::Lambda::EventSourceMapping").values()
        if body["Properties"]["FunctionName"] == {"Ref": function.logical_id}
    ]


def table_of(mapping: dict[str, Any]) -> str:
    source = mapping["EventSourceArn"]["Fn::GetAtt"]
    return (source if isinstance(source, str) else source[0]).split(".")[0]
