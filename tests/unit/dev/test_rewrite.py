"""What differs between the built template and what is deployed locally."""

import json
from pathlib import Path
from typing import Any, cast

import pytest
from mypy_boto3_apigateway import APIGatewayClient

from dev import rewrite
from dev.paths import TEMPLATE
from dev.template import load_template, resources

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

    def put_gateway_response(self, **request: Any) -> None:
        assert self.deployments == []
        self.puts.append(request)

    def create_deployment(self, **request: Any) -> None:
        self.deployments.append(request)


def apply(api: FakeApi) -> None:
    rewrite.apply_gateway_responses(cast(APIGatewayClient, api))


@pytest.fixture(autouse=True)
def _contract(monkeypatch: pytest.MonkeyPatch) -> None:
    contract = {"x-amazon-apigateway-gateway-responses": {"MISSING": MISSING, "DENIED": DENIED}}
    monkeypatch.setattr(rewrite, "load_openapi", lambda: contract)


def write(folder: Path, template: str) -> Any:
    built = folder / "template.yaml"
    built.write_text(template)
    return json.loads(rewrite.write_local_template(built).read_text())


def test_local_template_lies_beside_the_built_one(tmp_path: Path) -> None:
    built = tmp_path / "template.yaml"
    built.write_text(TEMPLATE.read_text())

    assert rewrite.write_local_template(built) == tmp_path / "local.json"
    assert built.read_text() == TEMPLATE.read_text()


def test_only_the_api_id_and_the_stream_mappings_are_rewritten(tmp_path: Path) -> None:
    expected = load_template()
    expected["Resources"]["Api"]["Properties"] |= {"Tags": {"ms-custom-id": "local"}, "PropagateTags": True}
    for mapping in resources(expected, "AWS::Lambda::EventSourceMapping").values():
        mapping["Properties"]["Enabled"] = False

    assert write(tmp_path, TEMPLATE.read_text()) == expected


def test_tags_of_the_api_are_kept(tmp_path: Path) -> None:
    local = write(tmp_path, "Resources: {Api: {Type: AWS::Serverless::Api, Properties: {Tags: {team: red}}}}")

    assert local["Resources"]["Api"]["Properties"]["Tags"] == {"team": "red", "ms-custom-id": "local"}


def test_short_intrinsics_become_long_ones(tmp_path: Path) -> None:
    local = write(tmp_path, "Resources: {Api: {Properties: {}}}\nOutputs: {Id: {Value: !GetAtt Api.Id}}")

    assert local["Outputs"] == {"Id": {"Value": {"Fn::GetAtt": ["Api", "Id"]}}}


def test_mapping_of_another_source_is_left_to_the_emulator(tmp_path: Path) -> None:
    source = "{Type: AWS::Lambda::EventSourceMapping, Properties: {EventSourceArn: !GetAtt Queue.Arn}}"
    local = write(tmp_path, f"Resources: {{Api: {{Properties: {{}}}}, Mapping: {source}}}")

    assert local["Resources"]["Mapping"]["Properties"] == {"EventSourceArn": {"Fn::GetAtt": ["Queue", "Arn"]}}


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
