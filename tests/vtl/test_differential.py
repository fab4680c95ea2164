"""Every mapping template renders identically here and in Apache Velocity, for any input."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dev.application.project import load_openapi
from dev.local_aws.apigateway.contract import direct_routes
from dev.local_aws.apigateway.vtl import Rendered, render
from dev.local_aws.template import load_yaml
from dev.paths import ROOT
from tests.vtl.conftest import Velocity

TINY = ROOT / "tests" / "integration" / "tiny_project" / "openapi.yaml"
ROUTES = direct_routes(load_openapi()) | direct_routes(load_yaml(TINY))
"""Those of the application, and one of the tests' own project."""
REQUESTS = [
    pytest.param(route.request_templates["application/json"], id=f"{route.action} request") for route in ROUTES.values()
]
RESPONSES = [
    pytest.param(response.template, id=f"{route.action} response {response.pattern}")
    for route in ROUTES.values()
    for response in route.responses
]
SNIPPETS = [
    '"',
    "'",
    "\\",
    "\\'",
    '"}, "admin": {"BOOL": true}, "x": {"S": "',
    "$",
    "$!{",
    "#set($a = 1)",
    "#end",
    "##",
]
CHARACTER = st.characters(exclude_categories=["Cs"])  # the default asks the codec for the same ones, in seconds
HOSTILE = st.one_of(
    st.text(CHARACTER),
    st.lists(st.one_of(st.sampled_from(SNIPPETS), st.text(CHARACTER, max_size=3)), max_size=6).map("".join),
)
PARAMETER = st.one_of(HOSTILE, st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,65}", fullmatch=True), st.just("100"))
ATTRIBUTE = st.builds(lambda text: {"S": text}, HOSTILE)
ITEM = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("UserId", "name", "email", "owner", "created_at", "more"), ATTRIBUTE)
)
TYPES = st.one_of(
    HOSTILE,
    st.sampled_from(
        [
            "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
            "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
            "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException",
            "com.amazon.coral.availability#ThrottlingException",
            "com.amazon.coral.service#AccessDeniedException",
            "com.amazon.coral.service#SerializationException",
            "com.amazon.coral.validate#ValidationException",
        ]
    ),
)
ANSWER = st.fixed_dictionaries(
    {},
    optional={
        "__type": TYPES,
        "Item": ITEM,
        "Items": st.lists(ITEM, max_size=4),
        "LastEvaluatedKey": st.fixed_dictionaries({"UserId": ATTRIBUTE}),
    },
)
BODY = st.fixed_dictionaries({"name": HOSTILE, "email": HOSTILE})
NAMES = st.fixed_dictionaries(
    {
        "params": st.fixed_dictionaries(
            {
                "path": st.fixed_dictionaries({"user_id": PARAMETER, "id": PARAMETER}),
                "querystring": st.fixed_dictionaries({}, optional={"limit": PARAMETER, "cursor": PARAMETER}),
                "header": st.just({"limit": "7", "cursor": "U-7"}),
            }
        ),
        "context": st.builds(
            lambda sub: {
                "requestId": "request-1",
                "requestTime": "21/Nov/2026:08:00:00 +0000",
                "authorizer": {"sub": sub, "claims": {"sub": sub}},
            },
            HOSTILE,
        ),
        "stage_variables": st.just({"UsersTable": "users", "Table": "notes"}),
    }
)
often = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def meaning(rendered: Rendered) -> tuple[Any, int | None, dict[str, str]]:
    """Return what a client or DynamoDB sees: white space between JSON tokens is nothing."""
    text = rendered.text.strip()
    return json.loads(text) if text else None, rendered.status, dict(rendered.headers)


@pytest.mark.parametrize("template", REQUESTS)
@often
@given(body=BODY, names=NAMES)
def test_request_template_says_the_same(
    velocity: Velocity, template: str, body: dict[str, str], names: dict[str, Any]
) -> None:
    ours = render(template, body=body, **names)

    assert meaning(ours) == meaning(velocity(template, body=body, **names))


@pytest.mark.parametrize("template", RESPONSES)
@often
@given(answer=ANSWER, names=NAMES)
def test_response_template_says_the_same(
    velocity: Velocity, template: str, answer: dict[str, Any], names: dict[str, Any]
) -> None:
    ours = render(template, body=answer, **names)

    assert meaning(ours) == meaning(velocity(template, body=answer, **names))
