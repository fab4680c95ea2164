"""api/openapi.yaml agrees with the template, the functions and itself."""

import json
import re
from typing import Any

import pytest

from dev.direct.contract import direct_routes
from dev.paths import FUNCTIONS, OPENAPI
from dev.template import functions, load_openapi, load_template, operations
from media import validation
from media.form import FIELDS
from messages import model as messages
from products import model
from shared import errors

DOCUMENT = load_openapi()
OPERATIONS = operations(DOCUMENT)
SCHEMAS = DOCUMENT["components"]["schemas"]
ROUTES = {route: function for function in functions(load_template()).values() for route in function.routes}
DIRECT = direct_routes(DOCUMENT)
FORMS = {("POST", "/media")}
GATEWAY_RESPONSES = DOCUMENT["x-amazon-apigateway-gateway-responses"]


def test_every_route_of_the_template_is_in_the_contract() -> None:
    proxies = {
        route
        for route, operation in OPERATIONS.items()
        if operation["x-amazon-apigateway-integration"]["type"] == "aws_proxy"
    }

    assert proxies == set(ROUTES)


@pytest.mark.parametrize("route", list(ROUTES), ids=" ".join)
def test_route_calls_the_function_named_for_it(route: tuple[str, str]) -> None:
    operation, logical_id = OPERATIONS[route], ROUTES[route].logical_id

    assert operation["operationId"] + "Function" == logical_id
    assert f"functions/${{{logical_id}.Arn}}/" in operation["x-amazon-apigateway-integration"]["uri"]["Fn::Sub"]


@pytest.mark.parametrize("route", [route for route in OPERATIONS if route[0] in {"POST", "PUT", "PATCH"}], ids=" ".join)
def test_body_has_a_schema(route: tuple[str, str]) -> None:
    body = OPERATIONS[route]["requestBody"]
    media_type = "multipart/form-data" if route in FORMS else "application/json"

    assert body["required"] is True
    assert body["content"][media_type]["schema"]["$ref"].rpartition("/")[2] in SCHEMAS


@pytest.mark.parametrize("route", list(OPERATIONS), ids=" ".join)
def test_route_keeps_the_document_s_validator(route: tuple[str, str]) -> None:
    """But for forms: API Gateway would take one for JSON, and refuse it."""
    validator = OPERATIONS[route].get("x-amazon-apigateway-request-validator")

    assert validator == ("parameters" if route in FORMS else None)


def test_bodies_and_parameters_are_validated() -> None:
    name = DOCUMENT["x-amazon-apigateway-request-validator"]

    assert DOCUMENT["x-amazon-apigateway-request-validators"][name] == {
        "validateRequestBody": True,
        "validateRequestParameters": True,
    }


@pytest.mark.parametrize(
    ("name", "compiled"),
    [
        ("NewProduct", model.NEW_PRODUCT),
        ("ProductChanges", model.PRODUCT_CHANGES),
        ("NewUpload", validation.NEW_UPLOAD),
        ("NewLink", validation.NEW_LINK),
        ("NewMessageGroup", messages.NEW_GROUP),
        ("NewMessage", messages.NEW_MESSAGE),
    ],
)
def test_schema_is_the_one_that_the_function_compiles(name: str, compiled: dict[str, Any]) -> None:
    assert without_descriptions(SCHEMAS[name]) == compiled


def without_descriptions(schema: dict[str, Any]) -> dict[str, Any]:
    fields = {
        name: {key: value for key, value in field.items() if key != "description"}
        for name, field in schema["properties"].items()
    }
    return {**schema, "properties": fields}


def test_every_function_that_parses_json_is_compared() -> None:
    """Those whose schema is in the contract under another name would drift."""
    schemas = re.findall(r"json_body\(\w+\.(\w+)\)", "".join(path.read_text() for path in FUNCTIONS.rglob("*.py")))

    assert sorted(schemas) == [
        *("NEW_GROUP", "NEW_LINK", "NEW_MESSAGE", "NEW_PRODUCT", "NEW_UPLOAD", "PRODUCT_CHANGES")
    ]


def test_form_is_the_one_that_the_function_reads() -> None:
    form = SCHEMAS["UploadForm"]

    assert set(form["required"]) == set(form["properties"]) == FIELDS
    for name in ("name", "caption"):
        assert form["properties"][name] == validation.NEW_UPLOAD["properties"][name]  # type: ignore[index]


@pytest.mark.parametrize("name", list(GATEWAY_RESPONSES))
def test_gateway_refuses_with_problem_json(name: str) -> None:
    response, problem = GATEWAY_RESPONSES[name], gateway_problem(name)

    assert set(problem) == set(SCHEMAS["Problem"]["required"])
    assert problem["status"] == response["statusCode"]
    assert response["responseParameters"] == {
        "gatewayresponse.header.Content-Type": "'application/problem+json'",
        "gatewayresponse.header.X-Request-Id": "context.requestId",
    }


def gateway_problem(name: str) -> dict[str, Any]:
    (template,) = GATEWAY_RESPONSES[name]["responseTemplates"].values()
    problem: dict[str, Any] = json.loads(template.replace("$context.requestId", "id"))
    return problem


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("BAD_REQUEST_BODY", errors.InvalidBodyError),
        ("BAD_REQUEST_PARAMETERS", errors.InvalidParameterError),
        ("ACCESS_DENIED", errors.ForbiddenError),
        ("REQUEST_TOO_LARGE", errors.TooLargeError),
        ("UNSUPPORTED_MEDIA_TYPE", errors.UnsupportedMediaTypeError),
        ("THROTTLED", errors.ThrottledError),
        ("DEFAULT_5XX", errors.InternalError),
    ],
)
def test_gateway_and_functions_refuse_alike(name: str, error: type[errors.ProblemError]) -> None:
    problem = gateway_problem(name)

    assert (problem["status"], problem["code"], problem["title"]) == (error.status, error.code, error.title)


def test_contract_has_only_what_include_understands() -> None:
    """AWS::Include knows no short intrinsics, and CloudFormation no YAML aliases."""
    text = OPENAPI.read_text()

    assert not re.search(r"(?m)(:|-)\s+[!&*]\w", text)


def test_every_code_is_raised_or_rendered_once() -> None:
    """A code is stable and means one thing: no two error classes share one."""
    codes = re.findall(
        r'(?m)^    (?:status, )?code(?:, title)? = .*?"(\w+)"', "".join(p.read_text() for p in FUNCTIONS.rglob("*.py"))
    )

    assert len(codes) == len(set(codes)) > 10
