"""Gateway responses of the contract, put after the deployment: the emulator drops them on import."""

from typing import Any, cast

import pytest
from mypy_boto3_apigateway import APIGatewayClient

from dev.local_aws import transform

MISSING = {
    "statusCode": 404,
    "responseParameters": {"gatewayresponse.header.X": "'y'"},
    "responseTemplates": {"application/json": "{}"},
}
DENIED = MISSING | {"statusCode": 403}


class FakeApi:
    """An API of the emulator: its gateway responses, and what was done to it."""

    def __init__(self, **responses: dict[str, Any]) -> None:
        self.items = [{"responseType": name, **response} for name, response in responses.items()]
        self.puts: list[dict[str, Any]] = []
        self.deployments: list[dict[str, Any]] = []

    def get_gateway_responses(self, **request: Any) -> dict[str, Any]:
        assert request == {"restApiId": "local"}
        return {"items": self.items}

    def get_stages(self, **request: Any) -> dict[str, Any]:
        assert request == {"restApiId": "local"}
        return {"item": [{"stageName": "v1"}]}

    def put_gateway_response(self, **request: Any) -> None:
        assert self.deployments == []
        self.puts.append(request)

    def create_deployment(self, **request: Any) -> None:
        self.deployments.append(request)


def apply(api: FakeApi) -> None:
    contract = {"x-amazon-apigateway-gateway-responses": {"MISSING": MISSING, "DENIED": DENIED}}
    transform.apply_gateway_responses(cast(APIGatewayClient, api), contract)


def test_missing_response_is_put_and_deployed() -> None:
    api = FakeApi(MISSING=MISSING | {"statusCode": "404"})

    apply(api)

    assert api.puts == [
        {
            "restApiId": "local",
            "responseType": "DENIED",
            "statusCode": "403",
            "responseParameters": {"gatewayresponse.header.X": "'y'"},
            "responseTemplates": {"application/json": "{}"},
        }
    ]
    assert api.deployments == [{"restApiId": "local", "stageName": "v1"}]


@pytest.mark.parametrize(
    "change", [{"statusCode": "404"}, {"responseParameters": {}}, {"responseTemplates": {"text/plain": "{}"}}]
)
def test_response_that_differs_is_put(change: dict[str, Any]) -> None:
    api = FakeApi(MISSING=MISSING, DENIED=DENIED | change)

    apply(api)

    assert [put["responseType"] for put in api.puts] == ["DENIED"]


def test_many_responses_are_deployed_once() -> None:
    api = FakeApi()

    apply(api)

    assert [put["responseType"] for put in api.puts] == ["MISSING", "DENIED"]
    assert len(api.deployments) == 1


def test_nothing_is_deployed_when_nothing_differs() -> None:
    api = FakeApi(MISSING=MISSING | {"statusCode": "404"}, DENIED=DENIED | {"statusCode": "403"}, THROTTLED={})

    apply(api)

    assert api.puts == []
    assert api.deployments == []
