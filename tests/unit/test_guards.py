"""Who may call what, and what direct routes answer, as api/openapi.yaml says it."""

import re

import pytest

from auth.model import WRITERS_ROUTES
from dev.direct.contract import direct_routes
from dev.template import load_openapi, operations

DOCUMENT = load_openapi()
OPERATIONS = operations(DOCUMENT)
DIRECT = direct_routes(DOCUMENT)


OPEN_TO_ALL = {("GET", "/"), ("GET", "/shared/{token}")}
"""The page itself, and links whose token is all the right that there is."""


@pytest.mark.parametrize("route", list(OPERATIONS), ids=" ".join)
def test_route_has_an_authorizer(route: tuple[str, str]) -> None:
    schemes = [name for requirement in OPERATIONS[route]["security"] for name in requirement]

    assert bool(schemes) is (route not in OPEN_TO_ALL), f"{' '.join(route)} needs `security` in api/openapi.yaml"
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
        for status, code in problems_of(response.template):
            assert code in re.findall(r"\w+", responses[status]["description"])


def problems_of(template: str) -> list[tuple[str, str]]:
    """Return status and code of each problem that a template can write."""
    variables = re.findall(r'#set\(\$status = (\d+)\).* #set\(\$code = "(\w+)"\)', template)
    literals = re.findall(r'"status": (\d+), .*"code": "(\w+)"', template)
    return variables + literals


def test_direct_routes_have_these_problems() -> None:
    """The codes that the test above looks for are found."""
    found = {
        OPERATIONS[route]["operationId"]: [
            code for each in DIRECT[route].responses for _, code in problems_of(each.template)
        ]
        for route in DIRECT
    }

    common = ["InvalidParameter", "Throttled", "IntegrationDenied", "InternalError"]
    assert found == {
        "ListUsers": common,
        "GetUser": ["UserNotFound", *common],
        "PutUser": ["UserOwnedByAnother", *common],
        "DeleteUser": ["UserNotFound", *common],
    }
