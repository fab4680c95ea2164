"""Who may call what, and what direct routes answer, as api/openapi.yaml says it."""

import re

from dev.local_aws.apigateway.contract import direct_routes
from tests.grants import OPEN_TO_ALL
from tests.lint.rules import check, differing
from tests.template_facts import CONTRACT, OPERATIONS

DIRECT = direct_routes(CONTRACT)


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
    check(offenders, "Give the route `security` in api/openapi.yaml, or add it to OPEN_TO_ALL in tests/grants")


def test_cognito_scheme_is_enforced_by_the_gateway() -> None:
    """Without the extensions API Gateway takes the scheme for documentation."""
    assert CONTRACT["components"]["securitySchemes"]["Cognito"] == {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "ID token of the user pool, without a prefix. An access token is not accepted.",
        "x-amazon-apigateway-authtype": "cognito_user_pools",
        "x-amazon-apigateway-authorizer": {
            "type": "cognito_user_pools",
            "providerARNs": [{"Fn::GetAtt": ["UserPool", "Arn"]}],
        },
    }


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
    """API Gateway does not import the mapping of a header that the method response does not name."""
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


def documented_codes(route: tuple[str, str], status: int) -> list[str]:
    response = OPERATIONS[route]["responses"].get(str(status), {})
    return re.findall(r"\w+", response.get("description", ""))
