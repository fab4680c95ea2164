"""api/openapi.yaml agrees with the template, the functions and itself."""

import json
import re
from typing import Any

from dev.paths import FUNCTIONS, OPENAPI
from media import validation
from media.form import FIELDS
from messages import model as messages
from products import model
from shared import errors
from tests.lint.rules import check, differing
from tests.template_facts import CONTRACT, FUNCTIONS_BY_ID, OPERATIONS

SCHEMAS = CONTRACT["components"]["schemas"]
ROUTES = {route: function for function in FUNCTIONS_BY_ID.values() for route in function.routes}
FORMS = {("POST", "/media")}
COMPILED: dict[str, Any] = {
    "NewProduct": model.NEW_PRODUCT,
    "ProductChanges": model.PRODUCT_CHANGES,
    "NewUpload": validation.NEW_UPLOAD,
    "NewLink": validation.NEW_LINK,
    "NewMessageGroup": messages.NEW_GROUP,
    "NewMessage": messages.NEW_MESSAGE,
}
"""Schemas of api/openapi.yaml to those of the functions."""
GATEWAY_RESPONSES = CONTRACT["x-amazon-apigateway-gateway-responses"]


def test_template_and_contract_have_the_same_routes() -> None:
    proxies = {
        route
        for route, operation in OPERATIONS.items()
        if operation["x-amazon-apigateway-integration"]["type"] == "aws_proxy"
    }

    check(
        (" ".join(route) for route in sorted(proxies ^ ROUTES.keys())),
        "Declare the route both in api/openapi.yaml and in the function's Events in template.yaml",
    )


def test_routes_call_the_function_named_for_them() -> None:
    offenders = [
        f"{' '.join(route)} is {OPERATIONS[route].get('operationId')}, and its function {function.logical_id}"
        for route, function in ROUTES.items()
        if route in OPERATIONS and not calls(OPERATIONS[route], function.logical_id)
    ]

    check(offenders, "Name the operation for the function, and call the function in its integration's uri")


def calls(operation: dict[str, Any], logical_id: str) -> bool:
    uri = str(operation["x-amazon-apigateway-integration"].get("uri"))
    return operation.get("operationId") == logical_id.removesuffix("Function") and (
        f"functions/${{{logical_id}.Arn}}/" in uri
    )


def test_bodies_have_a_schema() -> None:
    offenders = [
        f"{' '.join(route)} needs a required requestBody of {media_type}"
        for route in OPERATIONS
        if route[0] in {"POST", "PUT", "PATCH"}
        for media_type in ["multipart/form-data" if route in FORMS else "application/json"]
        if not has_schema(OPERATIONS[route].get("requestBody", {}), media_type)
    ]

    check(offenders, "Describe each body in api/openapi.yaml by a $ref to one of its schemas")


def has_schema(body: dict[str, Any], media_type: str) -> bool:
    reference = body.get("content", {}).get(media_type, {}).get("schema", {}).get("$ref", "")
    return body.get("required") is True and reference.rpartition("/")[2] in SCHEMAS


def test_routes_keep_the_document_s_validator() -> None:
    """But for forms: API Gateway would take one for JSON, and refuse it."""
    expected = dict.fromkeys(OPERATIONS) | dict.fromkeys(FORMS, "parameters")
    key = "x-amazon-apigateway-request-validator"

    check(
        (
            line
            for route in OPERATIONS
            for line in differing(OPERATIONS[route], {key: expected[route]}, " ".join(route))
        ),
        "Let the document's validator check every route but forms",
    )


def test_bodies_and_parameters_are_validated() -> None:
    name = CONTRACT["x-amazon-apigateway-request-validator"]

    assert CONTRACT["x-amazon-apigateway-request-validators"][name] == {
        "validateRequestBody": True,
        "validateRequestParameters": True,
    }


def test_schemas_are_those_that_the_functions_compile() -> None:
    check(
        (name for name, compiled in COMPILED.items() if without_descriptions(SCHEMAS[name]) != compiled),
        "Make the schema in api/openapi.yaml equal to the one that the function compiles",
    )


def without_descriptions(schema: dict[str, Any]) -> dict[str, Any]:
    fields = {
        name: {key: value for key, value in field.items() if key != "description"}
        for name, field in schema["properties"].items()
    }
    return {**schema, "properties": fields}


def test_every_schema_that_a_function_compiles_is_compared() -> None:
    """Those whose schema is in the contract under another name would drift."""
    used = re.findall(r"json_body\(\w+\.(\w+)\)", "".join(path.read_text() for path in FUNCTIONS.rglob("*.py")))
    compared = {
        name for module in (model, validation, messages) for name, each in vars(module).items() if compares(each)
    }

    check(sorted(set(used) - compared), "Add the schema to COMPILED in tests/lint/test_contract.py")
    assert len(used) == len(COMPILED)


def compares(value: Any) -> bool:
    return any(value is compiled for compiled in COMPILED.values())


def test_form_is_the_one_that_the_function_reads() -> None:
    form = SCHEMAS["UploadForm"]

    assert set(form["required"]) == set(form["properties"]) == FIELDS
    for name in ("name", "caption"):
        assert form["properties"][name] == validation.NEW_UPLOAD["properties"][name]  # type: ignore[index]


def test_gateway_refuses_with_problem_json() -> None:
    headers = {
        "gatewayresponse.header.Content-Type": "'application/problem+json'",
        "gatewayresponse.header.X-Request-Id": "context.requestId",
    }
    problems = {name: gateway_problem(name) for name in GATEWAY_RESPONSES}

    offenders = [
        name
        for name, response in GATEWAY_RESPONSES.items()
        if set(problems[name]) != set(SCHEMAS["Problem"]["required"])
        or problems[name]["status"] != response["statusCode"]
        or response.get("responseParameters") != headers
    ]
    check(offenders, "Answer with the members of Problem, the response's own status, and both headers")


def gateway_problem(name: str) -> dict[str, Any]:
    (template,) = GATEWAY_RESPONSES[name]["responseTemplates"].values()
    problem: dict[str, Any] = json.loads(template.replace("$context.requestId", "id"))
    return problem


def test_gateway_and_functions_refuse_alike() -> None:
    alike = {
        "BAD_REQUEST_BODY": errors.InvalidBodyError,
        "BAD_REQUEST_PARAMETERS": errors.InvalidParameterError,
        "ACCESS_DENIED": errors.ForbiddenError,
        "REQUEST_TOO_LARGE": errors.TooLargeError,
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


def test_every_code_is_raised_or_rendered_once() -> None:
    """A code is stable and means one thing: no two error classes share one."""
    codes = re.findall(
        r'(?m)^    (?:status, )?code(?:, title)? = .*?"(\w+)"', "".join(p.read_text() for p in FUNCTIONS.rglob("*.py"))
    )

    assert len(codes) == len(set(codes)) > 10
