"""Who may call what, and what direct routes answer, as api/openapi.yaml says it."""

import re

from auth.model import WRITERS_ROUTES
from dev.local_aws.apigateway.contract import direct_routes
from tests.lint.rules import check, differing
from tests.template_facts import CONTRACT, OPERATIONS

DIRECT = direct_routes(CONTRACT)
ACTIONS = {"Put": "PutItem", "Get": "GetItem", "List": "Scan", "Delete": "DeleteItem"}
"""The verb that a direct route's operation is named for, by its action."""
OPEN_TO_ALL = {("GET", "/"), ("GET", "/shared/{token}")}
"""The page itself, and links whose token is all the right that there is."""


def test_routes_have_an_authorizer() -> None:
    needed = {route: route not in OPEN_TO_ALL for route in OPERATIONS}
    schemes = {
        route: {name for requirement in operation.get("security", []) for name in requirement}
        for route, operation in OPERATIONS.items()
    }

    offenders = [
        " ".join(route)
        for route in OPERATIONS
        if bool(schemes[route]) is not needed[route]
        or "security" not in OPERATIONS[route]
        or not schemes[route] <= CONTRACT["components"]["securitySchemes"].keys()
    ]
    check(offenders, "Give the route `security` in api/openapi.yaml, or add it to OPEN_TO_ALL here")


def test_cognito_scheme_is_enforced_by_the_gateway() -> None:
    """Without the extensions API Gateway takes the scheme for documentation."""
    assert CONTRACT["components"]["securitySchemes"]["Cognito"] == {
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
    scheme = CONTRACT["components"]["securitySchemes"]["Jwt"]
    authorizer = scheme["x-amazon-apigateway-authorizer"]

    assert (scheme["type"], scheme["in"], scheme["name"]) == ("apiKey", "header", "Authorization")
    assert (scheme["x-amazon-apigateway-authtype"], authorizer["type"]) == ("custom", "token")
    assert "functions/${AuthorizeFunction.Arn}/" in authorizer["authorizerUri"]["Fn::Sub"]


def test_api_key_is_read_where_api_gateway_looks_for_it() -> None:
    assert CONTRACT["components"]["securitySchemes"]["ApiKey"] == {
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


def test_direct_routes_are_named_for_their_action_and_use_the_integration_s_role() -> None:
    credentials = {"Fn::GetAtt": ["UsersIntegrationRole", "Arn"]}

    offenders = [
        f"{' '.join(route)} does {direct.action} as {OPERATIONS[route]['operationId']}"
        for route, direct in DIRECT.items()
        if ACTIONS.get(OPERATIONS[route]["operationId"].partition("User")[0]) != direct.action
        or OPERATIONS[route]["x-amazon-apigateway-integration"].get("credentials") != credentials
    ]
    check(offenders, "Name the operation for its action, with the credentials of UsersIntegrationRole")


def test_direct_routes_answer_with_the_functions_headers() -> None:
    common = {
        "X-Request-Id": "context.requestId",
        "Cache-Control": "'no-store'",
        "X-Content-Type-Options": "'nosniff'",
    }

    offenders = [
        line
        for route, direct in DIRECT.items()
        for response in direct.responses
        for problem in [{"Content-Type": "'application/problem+json'" if response.status >= 400 else None}]
        for line in differing(response.headers, common | problem, f"{' '.join(route)} {response.status}")
    ]
    check(offenders, "Set these headers in the integration's response")


def test_headers_that_direct_routes_map_are_declared() -> None:
    """API Gateway refuses to import the mapping of a header that the method response does not name."""
    offenders = [
        f"{' '.join(route)} {response.status} {name}"
        for route, direct in DIRECT.items()
        for response in direct.responses
        for name in response.headers.keys() - declared_headers(route, response.status)
    ]

    check(offenders, "Declare the header in the method's response")


def declared_headers(route: tuple[str, str], status: int) -> set[str]:
    return set(OPERATIONS[route]["responses"].get(str(status), {}).get("headers", {}))


def test_codes_of_direct_routes_are_documented() -> None:
    """Those of its templates; authorizers and the gateway have more."""
    offenders = [
        f"{' '.join(route)} {status} {code}"
        for route, direct in DIRECT.items()
        for response in direct.responses
        for status, code in problems(response.template)
        if code not in documented_codes(route, int(status))
    ]

    check(offenders, "Name the code in the response's description")


def problems(template: str) -> list[tuple[str, str]]:
    """Return status and code of each problem that a template can write."""
    variables = re.findall(r'#set\(\$status = (\d+)\).* #set\(\$code = "(\w+)"\)', template)
    literals = re.findall(r'"status": (\d+), .*"code": "(\w+)"', template)
    return variables + literals


def test_direct_routes_have_these_problems() -> None:
    """The codes that the test above looks for are found."""
    found = {
        OPERATIONS[route]["operationId"]: [code for each in direct.responses for _, code in problems(each.template)]
        for route, direct in DIRECT.items()
    }

    common = ["InvalidParameter", "Throttled", "IntegrationDenied", "InternalError"]
    assert found == {
        "ListUsers": common,
        "GetUser": ["UserNotFound", *common],
        "PutUser": ["UserOwnedByAnother", *common],
        "DeleteUser": ["UserNotFound", *common],
    }


def documented_codes(route: tuple[str, str], status: int) -> list[str]:
    response = OPERATIONS[route]["responses"].get(str(status), {})
    return re.findall(r"\w+", response.get("description", ""))
