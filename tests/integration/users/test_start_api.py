"""Direct routes through `sam local start-api`: behind a Lambda authorizer, an API key and a Cognito authorizer."""

import httpx

from dev.application.stack import Status


def test_direct_routes_check_their_callers(start_api: httpx.Client, tokens: dict[str, str], status: Status) -> None:
    writer, other = ({"Authorization": tokens[name]} for name in ("carol", "alice"))
    key = {"x-api-key": status.api_key}
    user, path = {"name": "Sam", "email": "sam@example.com"}, "/users/sam-local"

    assert start_api.put(path, json=user, headers=other).status_code == 403
    assert start_api.put(path, json=user, headers=writer).json() == {"user_id": "sam-local"}
    assert start_api.get(path).status_code == 403
    assert start_api.get(path, headers=key).json()["name"] == "Sam"
    assert start_api.delete(path, headers=other).status_code == 404
    assert start_api.delete(path, headers=writer).status_code == 204
    assert start_api.get(path, headers=key).json()["code"] == "UserNotFound"
