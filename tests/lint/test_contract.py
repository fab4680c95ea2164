"""api/openapi.yaml agrees with the template, the functions and itself."""

import importlib
import json
import re
from typing import Any

from dev.local_aws.template import Function
from dev.paths import FUNCTIONS, OPENAPI, ROOT
from shared import errors
from tests.lint.rules import check, differing
from tests.template_facts import CONTRACT, FUNCTIONS_BY_ID, OPERATIONS

SCHEMAS = CONTRACT["components"]["schemas"]
ROUTES = {route: function for function in FUNCTIONS_BY_ID.values() for route in function.routes}
GATEWAY_RESPONSES = CONTRACT["x-amazon-apigateway-gateway-responses"]


def test_template_and_contract_have_the_same_routes() -> None:
    proxies = {
        route
        for route, operation in OPERATIONS.items()
        if operation["x-amazon-apigateway-integration"]["type"] == "aws_proxy"
    }

    check(
        (" ".join(route) for route in sorted(proxies ^ ROUTES.keys())),
        "Declare the route both in api/openapi.yaml and in the function's Events in template.yaml, or delete it",
    )


def test_routes_call_the_function_named_for_them() -> None:
    offenders = [
        f"{' '.join(route)} is {OPERATIONS[route].get('operationId')}, and its function {function.logical_id}"
        for route, function in ROUTES.items()
        if route in OPERATIONS and not calls(OPERATIONS[route], function.logical_id)
    ]

    check(offenders, "Name the operation for the function, and call the function in its integration's uri")


def test_every_feature_with_routes_has_a_walkthrough() -> None:
    features = sorted({function.name.partition("/")[0] for function in ROUTES.values()})
    paths = [f"dev/application/walkthrough/{feature}.py" for feature in features]

    check((path for path in paths if not (ROOT / path).is_file()), "Add these files: `make run` sends their requests")


def calls(operation: dict[str, Any], logical_id: str) -> bool:
    uri = str(operation["x-amazon-apigateway-integration"].get("uri"))
    return operation.get("operationId") == logical_id.removesuffix("Function") and (
        f"functions/${{{logical_id}.Arn}}/" in uri
    )


def test_references_lead_to_something() -> None:
    """API Gateway does not import a document with others."""
    found = set(re.findall(r'"\$ref": "([^"]+)"', json.dumps(CONTRACT)))
    known = {f"#/components/{kind}/{name}" for kind, named in CONTRACT["components"].items() for name in named}
    assert found & known
    check(sorted(found - known), "Define these in api/openapi.yaml")


def test_bodies_have_a_schema() -> None:
    """A route without requestBody takes none."""
    offenders = [
        f"{' '.join(route)}: {media_type}"
        for route, operation in OPERATIONS.items()
        if "requestBody" in operation
        for media_type in operation["requestBody"]["content"]
        if not has_schema(operation["requestBody"], media_type)
    ]

    check(offenders, "Describe each body in api/openapi.yaml as required, by a $ref to one of its schemas")


def has_schema(body: dict[str, Any], media_type: str) -> bool:
    reference = body["content"][media_type].get("schema", {}).get("$ref", "")
    return body.get("required") is True and reference.rpartition("/")[2] in SCHEMAS


def test_routes_keep_the_document_s_validator() -> None:
    """But for forms: API Gateway would take one for JSON, and reject it."""
    forms = [route for route, operation in OPERATIONS.items() if "multipart/form-data" in media_types(operation)]
    expected = dict.fromkeys(OPERATIONS) | dict.fromkeys(forms, "parameters")
    key = "x-amazon-apigateway-request-validator"

    check(
        (
            line
            for route in OPERATIONS
            for line in differing(OPERATIONS[route], {key: expected[route]}, " ".join(route))
        ),
        "Let the document's validator check every route but forms",
    )


def media_types(operation: dict[str, Any]) -> set[str]:
    return set(operation.get("requestBody", {}).get("content", {}))


def test_bodies_and_parameters_are_validated() -> None:
    name = CONTRACT["x-amazon-apigateway-request-validator"]

    assert CONTRACT["x-amazon-apigateway-request-validators"][name] == {
        "validateRequestBody": True,
        "validateRequestParameters": True,
    }


def test_schemas_are_those_that_the_functions_compile() -> None:
    """Each function that parses a JSON body names the schema: `json_body(model.NEW_PRODUCT)`."""
    offenders = [
        " ".join(route)
        for route, function in ROUTES.items()
        if route in OPERATIONS
        and (FUNCTIONS / f"{function.name}.py").is_file()  # tests/lint/test_template.py reports missing files
        and compiled_by(function) != json_schemas(OPERATIONS[route])
    ]

    check(offenders, "Make the schema in api/openapi.yaml equal to the one that the function compiles")


def json_schemas(operation: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the schema of an operation's JSON body, if it has one."""
    bodies = [
        operation["requestBody"]["content"][each] for each in media_types(operation) if each == "application/json"
    ]
    return [without_descriptions(SCHEMAS[body["schema"]["$ref"].rpartition("/")[2]]) for body in bodies]


def compiled_by(function: Function) -> list[dict[str, Any]]:
    """Return the schemas that the code of a function gives to `json_body`."""
    feature = function.name.partition("/")[0]
    used = re.findall(r"json_body\((\w+)\.(\w+)\)", (FUNCTIONS / f"{function.name}.py").read_text())
    return [getattr(importlib.import_module(f"{feature}.{module}"), schema) for module, schema in used]


def without_descriptions(schema: dict[str, Any]) -> dict[str, Any]:
    fields = {
        name: {key: value for key, value in field.items() if key != "description"}
        for name, field in schema["properties"].items()
    }
    return {**schema, "properties": fields}


def test_gateway_rejects_with_problem_json() -> None:
    """With the headers of the functions' errors."""
    problems = {name: gateway_problem(name) for name in GATEWAY_RESPONSES}

    offenders = [
        name
        for name, response in GATEWAY_RESPONSES.items()
        if set(problems[name]) != set(SCHEMAS["Problem"]["required"])
        or problems[name]["status"] != response["statusCode"]
        or not has_headers(response)
    ]
    check(offenders, "Answer with the members of Problem, the response's own status, and the functions' headers")


def has_headers(response: dict[str, Any]) -> bool:
    headers = {
        name.removeprefix("gatewayresponse.header."): value for name, value in response["responseParameters"].items()
    }
    waits = headers.pop("Retry-After", None) is not None
    return waits is (response["statusCode"] == 429) and headers == {
        "Content-Type": "'application/problem+json'",
        "X-Request-Id": "context.requestId",
        "Cache-Control": "'no-store'",
        "X-Content-Type-Options": "'nosniff'",
    }


def gateway_problem(name: str) -> dict[str, Any]:
    (template,) = GATEWAY_RESPONSES[name]["responseTemplates"].values()
    problem: dict[str, Any] = json.loads(template.replace("$context.requestId", "id"))
    return problem


def test_gateway_and_functions_reject_alike() -> None:
    alike = {
        "BAD_REQUEST_BODY": errors.InvalidBodyError,
        "BAD_REQUEST_PARAMETERS": errors.InvalidParameterError,
        "ACCESS_DENIED": errors.ForbiddenError,
        "UNSUPPORTED_MEDIA_TYPE": errors.UnsupportedMediaTypeError,
        "THROTTLED": errors.ThrottledError,
        "DEFAULT_5XX": errors.InternalError,
    }

    offenders = [
        line
        for name, error in alike.items()
        for line in differing(
            gateway_problem(name), {"status": error.status, "code": error.code, "title": error.title}, name
        )
    ]
    check(offenders, "Give the gateway response the status, code and title of the functions' error")


def test_contract_has_only_what_include_understands() -> None:
    """AWS::Include knows no short intrinsics, and CloudFormation no YAML aliases."""
    lines = OPENAPI.read_text().splitlines()

    check(
        (
            f"line {number}: {line.strip()}"
            for number, line in enumerate(lines, 1)
            if re.search(r"(:|-)\s+[!&*]\w", line)
        ),
        "Write the long form",
    )


def test_no_two_errors_share_a_code() -> None:
    """A code is stable and means one thing: no two error classes share one."""
    codes = re.findall(
        r'(?m)^    (?:status, )?code(?:, title)? = .*?"(\w+)"', "".join(p.read_text() for p in FUNCTIONS.rglob("*.py"))
    )

    assert len(codes) == len(set(codes)) > 10
