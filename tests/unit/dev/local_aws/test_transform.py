"""What differs between the built template and what is deployed locally."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from dev.application.project import load_openapi, load_template
from dev.local_aws import transform
from dev.local_aws.template import operations, resources
from dev.paths import OPENAPI, TEMPLATE
from tests.template_facts import copied_template

URL = "http://127.0.0.1:4566"
FUNCTION, LAYER = "AWS::Serverless::Function", "AWS::Serverless::LayerVersion"
DIRECT = {
    route: operation["x-amazon-apigateway-integration"]["credentials"]["Fn::GetAtt"][0]
    for route, operation in operations(load_openapi()).items()
    if operation["x-amazon-apigateway-integration"]["type"] == "aws"
}
"""Roles by direct route."""
ROLES = sorted(set(DIRECT.values()))
STORERS = {
    name.replace("InvokeConfig", "FunctionFailures"): name
    for name in resources(load_template(), "AWS::Lambda::EventInvokeConfig")
}
"""Local functions that store failed asynchronous events, and the settings that name them."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built template: the application's own."""
    return copied_template(tmp_path_factory.mktemp("build"))


@pytest.fixture(scope="module")
def local(built: Path) -> dict[str, Any]:
    """The template that is deployed locally."""
    template: dict[str, Any] = json.loads(transform.write_local_template(built, OPENAPI, URL).read_text())
    return template


def test_local_template_lies_beside_the_built_one(built: Path) -> None:
    assert transform.write_local_template(built, OPENAPI, URL) == built.with_name("local.json")
    assert built.read_text() == TEMPLATE.read_text()


def test_nothing_else_is_rewritten(local: dict[str, Any]) -> None:
    template = load_template()
    different = {
        name
        for name in template["Resources"].keys() | local["Resources"].keys()
        if template["Resources"].get(name) != local["Resources"].get(name)
    }

    compiled = {layer for layer in resources(template, LAYER) if layer != "SharedLayer"}
    with_layers = {name for name, body in resources(template, FUNCTION).items() if "Layers" in body["Properties"]}
    assert different == {
        *("Api", *ROLES, *(f"{role}Adapter" for role in ROLES)),
        *resources(template, "AWS::S3::BucketPolicy"),
        *(compiled | with_layers),
        *resources(template, "AWS::Lambda::EventSourceMapping"),
        *resources(template, "AWS::Lambda::EventInvokeConfig"),
        *resources(template, "AWS::CloudWatch::Dashboard"),
        *resources(template, "AWS::Logs::QueryDefinition"),
        *(name for name in resources(template, "AWS::CloudWatch::Alarm") if name not in local["Resources"]),
        *STORERS,
    }
    assert {name: body for name, body in local.items() if name != "Resources"} == {
        name: body for name, body in template.items() if name != "Resources"
    }


def test_api_has_a_fixed_id(local: dict[str, Any]) -> None:
    properties = local["Resources"]["Api"]["Properties"]

    assert (properties["Tags"], properties["PropagateTags"]) == ({"ms-custom-id": "local"}, True)


def test_functions_get_the_local_address_of_the_api(local: dict[str, Any]) -> None:
    address = local["Resources"]["Api"]["Properties"]["Variables"]["ApiUrl"]

    assert address == f"{URL}/_aws/execute-api/local/v1"


def test_binary_media_types_are_the_contract_s(tmp_path: Path) -> None:
    contract = load_openapi() | {"x-amazon-apigateway-binary-media-types": ["application/zip"]}
    openapi = tmp_path / "openapi.yaml"
    openapi.write_text(yaml.safe_dump(contract))
    built = copied_template(tmp_path)

    rewritten = json.loads(transform.write_local_template(built, openapi, URL).read_text())

    assert rewritten["Resources"]["Api"]["Properties"]["BinaryMediaTypes"] == ["application/zip"]


def test_direct_integrations_are_proxied_to_the_adapter_of_their_role(local: dict[str, Any]) -> None:
    location = local["Resources"]["Api"]["Properties"]["DefinitionBody"]["Fn::Transform"]["Parameters"]["Location"]
    deployed, contract = operations(json.loads(Path(location).read_text())), operations(load_openapi())

    for route, role in DIRECT.items():
        integration = deployed[route].pop("x-amazon-apigateway-integration")
        del contract[route]["x-amazon-apigateway-integration"]
        assert integration["type"] == "aws_proxy"
        assert f"/functions/${{{role}Adapter.Arn}}/" in integration["uri"]["Fn::Sub"]
    assert deployed == contract


def test_adapter_runs_under_the_integration_s_own_role(local: dict[str, Any]) -> None:
    for role in ROLES:
        adapter = local["Resources"][f"{role}Adapter"]["Properties"]
        trust = local["Resources"][role]["Properties"]["AssumeRolePolicyDocument"]["Statement"]

        assert adapter["Role"] == {"Fn::GetAtt": [role, "Arn"]}
        assert [statement["Principal"]["Service"] for statement in trust] == [
            ["apigateway.amazonaws.com", "lambda.amazonaws.com"]
        ]


def test_stream_mappings_are_left_to_the_poller(local: dict[str, Any]) -> None:
    template = load_template()

    for logical_id, mapping in resources(template, "AWS::Lambda::EventSourceMapping").items():
        assert local["Resources"][logical_id]["Properties"] == mapping["Properties"] | {"Enabled": False}


def test_failed_asynchronous_events_are_stored_under_the_function_s_own_role(local: dict[str, Any]) -> None:
    for storer, config in STORERS.items():
        destination = local["Resources"][config]["Properties"]["DestinationConfig"]["OnFailure"]["Destination"]
        made = local["Resources"][storer]["Properties"]

        assert destination == {"Fn::GetAtt": [storer, "Arn"]}
        assert made["Role"] == {"Fn::GetAtt": [storer.replace("Failures", "Role"), "Arn"]}
        assert made["Environment"]["Variables"]["FAILURE_BUCKET"] == {"Ref": "FailureBucket"}
        assert (Path(made["CodeUri"]) / "failure_bucket.py").exists()


def test_bucket_policies_lose_only_what_requires_tls(local: dict[str, Any]) -> None:
    expected = {
        name: kept
        for name, policy in resources(load_template(), "AWS::S3::BucketPolicy").items()
        if (kept := [each for each in statements(policy) if "aws:SecureTransport" not in str(each)])
    }

    assert {name: statements(policy) for name, policy in resources(local, "AWS::S3::BucketPolicy").items()} == expected


def statements(policy: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = policy["Properties"]["PolicyDocument"]["Statement"]
    return found


def test_alarms_on_one_metric_are_local_too(local: dict[str, Any]) -> None:
    alarms = resources(load_template(), "AWS::CloudWatch::Alarm")

    assert resources(local, "AWS::CloudWatch::Alarm") == {
        name: body for name, body in alarms.items() if "Metrics" not in body["Properties"]
    }


def test_compiled_layers_are_left_to_lambda(local: dict[str, Any]) -> None:
    functions = resources(local, "AWS::Serverless::Function").values()

    assert [function for function in functions if "Layers" in function["Properties"]] == []
    assert list(resources(local, "AWS::Serverless::LayerVersion")) == ["SharedLayer"]
