"""PUT /users/{user_id} stores any input unchanged."""

from typing import Any

from hypothesis import given

from dev.local_aws.apigateway.contract import DirectRoute
from dev.local_aws.apigateway.vtl import render
from tests.vtl.test_differential import BODY, NAMES, ROUTES, meaning, often


def put_request(route: DirectRoute, body: dict[str, str], names: dict[str, Any]) -> Any:
    return meaning(render(route.request_templates["application/json"], body=body, **names))[0]


@often
@given(body=BODY, names=NAMES)
def test_put_stores_the_request_and_nothing_else(body: dict[str, str], names: dict[str, Any]) -> None:
    owner = {"S": names["context"]["authorizer"]["sub"]}

    request = put_request(ROUTES["PUT", "/users/{user_id}"], body, names)

    assert request["Item"].pop("UserId")["S"] in {names["params"]["path"]["user_id"], ""}
    assert request == {
        "TableName": "users",
        "Item": {
            "name": {"S": body["name"]},
            "email": {"S": body["email"]},
            "owner": owner,
            "created_at": {"S": "2026-11-21T08:00:00Z"},
        },
        "ConditionExpression": "attribute_not_exists(UserId) OR #owner = :owner",
        "ExpressionAttributeNames": {"#owner": "owner"},
        "ExpressionAttributeValues": {":owner": owner},
    }
