"""api/openapi.yaml agrees with the template, the functions and itself."""

import json
import re
from typing import Any

import pytest

from auth.model import WRITERS_ROUTES
from dev.direct.contract import direct_routes
from dev.paths import FUNCTIONS, OPENAPI
from dev.template import functions, load_openapi, load_template, operations
from products import model
from shared import errors
from shared.paging import DEFAULT_LIMIT, MAX_LIMIT

DOCUMENT = load_openapi()
OPERATIONS = operations(DOCUMENT)
SCHEMAS = DOCUMENT["components"]["schemas"]
ROUTES = {route: function for function in functions(load_template()).values() for route in function.routes}
DIRECT = direct_routes(DOCUMENT)
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


@pytest.mark.parametrize("route", list(OPERATIONS), ids=" ".join)
def test_route_has_an_authorizer(route: tuple[str, str]) -> None:
    schemes = [name for requirement in OPERATIONS[route].get("security", []) for name in requirement]

    assert schemes, f"{' '.join(route)} needs `security` in api/openapi.yaml"
    assert set(schemes) <= set(DOCUMENT["components"]["securitySchemes"])


def test_cognito_scheme_is_enforced_by_the_gateway() -> None:
    """Without the extensions API Gateway takes the scheme for documentation."""
    assert DOCUMENT["components"]["securitySchemes"]["Cognito"] == {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "x-amazon-apigateway-authtype": "cognito_user_pools",
        "x-amazon-apigateway-authorizer": {
            "type": "cognito_user_pools",
            "providerARNs": [{"Fn::GetAtt": ["UserPool", "Arn"]}],
        },
    }


def test_lambda_authorizer_is_enforced_by_the_gateway() -> None:
    scheme = DOCUMENT["components"]["securitySchemes"]["Jwt"]
    authorizer = scheme["x-amazon-apigateway-authorizer"]

    assert (scheme["type"], scheme["in"], scheme["name"]) == ("apiKey", "header", "Authorization")
    assert (scheme["x-amazon-apigateway-authtype"], authorizer["type"]) == ("custom", "token")
    assert "functions/${AuthorizeFunction.Arn}/" in authorizer["authorizerUri"]["Fn::Sub"]


def test_api_key_is_read_where_api_gateway_looks_for_it() -> None:
    assert DOCUMENT["components"]["securitySchemes"]["ApiKey"] == {
        "type": "apiKey",
        "in": "header",
        "name": "x-api-key",
    }


def test_every_route_of_the_lambda_authorizer_is_in_its_policy() -> None:
    """API Gateway keeps the policy, and asks it about the caller's next route too."""
    guarded = {
        f"{method}{re.sub(r'{[^}]*}', '*', path)}"
        for (method, path), operation in OPERATIONS.items()
        if operation["security"] == [{"Jwt": []}]
    }

    assert guarded == set(WRITERS_ROUTES)


@pytest.mark.parametrize("route", list(DIRECT), ids=" ".join)
def test_direct_route_is_named_for_its_action(route: tuple[str, str]) -> None:
    operation = OPERATIONS[route]

    assert (operation["operationId"], DIRECT[route].action) in {
        ("PutUser", "PutItem"),
        ("GetUser", "GetItem"),
        ("ListUsers", "Scan"),
        ("DeleteUser", "DeleteItem"),
    }
    assert operation["x-amazon-apigateway-integration"]["credentials"] == {
        "Fn::GetAtt": ["UsersIntegrationRole", "Arn"]
    }


@pytest.mark.parametrize("route", list(DIRECT), ids=" ".join)
def test_headers_that_a_direct_route_maps_are_declared(route: tuple[str, str]) -> None:
    """API Gateway refuses to import the mapping of a header that the method response does not name."""
    for response in DIRECT[route].responses:
        declared = OPERATIONS[route]["responses"][str(response.status)]["headers"]

        assert set(response.headers) <= set(declared)
        assert response.headers["X-Request-Id"] == "context.requestId"
        assert response.headers["Cache-Control"] == "'no-store'"
        assert response.headers["X-Content-Type-Options"] == "'nosniff'"
        problem = response.status >= 400
        assert response.headers.get("Content-Type") == ("'application/problem+json'" if problem else None)


@pytest.mark.parametrize("route", list(DIRECT), ids=" ".join)
def test_codes_of_a_direct_route_are_documented(route: tuple[str, str]) -> None:
    """Those of its templates; authorizers and the gateway have more."""
    responses = OPERATIONS[route]["responses"]
    for response in DIRECT[route].responses:
        lines = [line for line in response.template.splitlines() if line.startswith('{"title"')]
        problems = [json.loads(re.sub(r'"\$util.*"', '"id"', line)) for line in lines]
        for problem in problems:
            assert problem["code"] in re.findall(r"\w+", responses[str(problem["status"])]["description"])


@pytest.mark.parametrize("route", [route for route in OPERATIONS if route[0] in {"POST", "PUT", "PATCH"}], ids=" ".join)
def test_body_has_a_schema(route: tuple[str, str]) -> None:
    body = OPERATIONS[route]["requestBody"]

    assert body["required"] is True
    assert body["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2] in SCHEMAS


@pytest.mark.parametrize("route", list(OPERATIONS), ids=" ".join)
def test_route_keeps_the_document_s_validator(route: tuple[str, str]) -> None:
    assert "x-amazon-apigateway-request-validator" not in OPERATIONS[route]


@pytest.mark.parametrize("route", list(OPERATIONS), ids=" ".join)
def test_route_declares_its_path_parameters(route: tuple[str, str]) -> None:
    method, path = route
    item = DOCUMENT["paths"][path]
    declared = {
        resolved["name"]
        for parameter in [*item.get("parameters", []), *item[method.lower()].get("parameters", [])]
        if (resolved := resolve(parameter))["in"] == "path"
    }

    assert declared == set(re.findall(r"\{(\w+)\}", path))


def test_bodies_and_parameters_are_validated() -> None:
    name = DOCUMENT["x-amazon-apigateway-request-validator"]

    assert DOCUMENT["x-amazon-apigateway-request-validators"][name] == {
        "validateRequestBody": True,
        "validateRequestParameters": True,
    }


@pytest.mark.parametrize(
    ("name", "compiled"), [("NewProduct", model.NEW_PRODUCT), ("ProductChanges", model.PRODUCT_CHANGES)]
)
def test_schema_is_the_one_that_the_function_compiles(name: str, compiled: dict[str, Any]) -> None:
    assert SCHEMAS[name] == compiled


def test_ids_in_paths_are_those_of_the_model() -> None:
    for name in ("CustomerId", "ProductId", "UserId"):
        assert DOCUMENT["components"]["parameters"][name]["schema"]["pattern"] == model.ID_PATTERN


def test_limit_is_the_one_that_the_functions_take() -> None:
    assert DOCUMENT["components"]["parameters"]["Limit"]["schema"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": MAX_LIMIT,
        "default": DEFAULT_LIMIT,
    }


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


def resolve(parameter: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in parameter:
        return parameter
    resolved: dict[str, Any] = DOCUMENT["components"]["parameters"][parameter["$ref"].rpartition("/")[2]]
    return resolved
