"""What the emulator lacks and dev/local_aws supplies. A test that fails here says what can be deleted."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from dev.local_aws.emulator import Emulator, root_session
from tests.waiting import DEADLINE_SECONDS, wait_until

pytestmark = pytest.mark.slow
CODE = """
import json, os

def _note(event):
    ids = [record["dynamodb"]["Keys"]["id"]["S"] for record in event.get("Records", [])]
    with open(os.environ["LOG"], "a") as log:
        log.write(json.dumps(ids) + "\\n")

def reports(event, context):
    _note(event)
    numbers = [record["dynamodb"]["SequenceNumber"] for record in event["Records"]]
    return {"batchItemFailures": [{"itemIdentifier": number} for number in numbers]}

def raises(event, context):
    _note(event)
    raise RuntimeError
"""
STREAM_MAPPING = {
    "StartingPosition": "TRIM_HORIZON",
    "FunctionResponseTypes": ["ReportBatchItemFailures"],
    "BisectBatchOnFunctionError": True,
    "MaximumRetryAttempts": 0,
}


@dataclass(frozen=True)
class Bench:
    """An emulator with a table `notes`, a bucket `failures`, and a role that may do everything."""

    url: str
    client: Callable[[str], Any]
    folder: Path

    def function(self, handler: str) -> Callable[[], list[list[str]]]:
        """Create a function that is named for its handler. Return a reader of the ids in each of its events."""
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as code:
            code.writestr("probe.py", CODE)
        log = self.folder / handler
        log.touch()
        self.client("lambda").create_function(
            FunctionName=handler,
            Runtime="python3.13",
            Handler=f"probe.{handler}",
            Role=self.role,
            Code={"ZipFile": archive.getvalue()},
            Environment={"Variables": {"LOG": str(log)}},
        )
        return lambda: [json.loads(line) for line in log.read_text().splitlines()]

    @property
    def role(self) -> str:
        return "arn:aws:iam::000000000000:role/everything"

    def put(self, *ids: str) -> None:
        for each in ids:
            self.client("dynamodb").put_item(TableName="notes", Item={"id": {"S": each}})


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    folder = tmp_path_factory.mktemp("limits")
    emulator = Emulator(folder / "home", default_port=0)
    try:
        emulator.start()
        url = emulator.endpoint_url
        bench = Bench(url, lambda service: root_session().client(service, endpoint_url=url), folder)  # type: ignore[call-overload]
        anything = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
        services = {"Service": ["lambda.amazonaws.com", "apigateway.amazonaws.com"]}
        trust = {"Statement": [{"Effect": "Allow", "Principal": services, "Action": "sts:AssumeRole"}]}
        iam = bench.client("iam")
        iam.create_role(RoleName="everything", AssumeRolePolicyDocument=json.dumps(trust))
        iam.put_role_policy(RoleName="everything", PolicyName="everything", PolicyDocument=json.dumps(anything))
        bench.client("s3").create_bucket(Bucket="failures")
        bench.client("dynamodb").create_table(
            TableName="notes",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
        )
        yield bench
    finally:
        emulator.stop(save=False)


def test_emulator_still_lacks_what_event_sources_supply(bench: Bench, subtests: pytest.Subtests) -> None:
    lambda_, stream = bench.client("lambda"), bench.client("dynamodb").describe_table(TableName="notes")["Table"]
    bench.put("a", "b")
    events = {handler: bench.function(handler) for handler in ("reports", "raises")}
    destination = {"OnFailure": {"Destination": "arn:aws:s3:::failures"}}
    lambda_.put_function_event_invoke_config(
        FunctionName="raises", MaximumRetryAttempts=0, DestinationConfig=destination
    )
    lambda_.invoke(FunctionName="raises", InvocationType="Event", Payload="{}")
    wait_until(events["raises"])
    for handler in events:
        lambda_.create_event_source_mapping(
            EventSourceArn=stream["LatestStreamArn"], FunctionName=handler, **STREAM_MAPPING
        )
    wait_until(lambda: ["a", "b"] in events["reports"]() and ["a", "b"] in events["raises"]())
    bench.put("c")
    wait_until(lambda: len(events["reports"]()) > 1 and len(events["raises"]()) > 2)

    with subtests.test("batch item failures"):
        assert events["reports"]()[1] == ["c"], supports("batchItemFailures", "event_sources/batch_response.py")
    again = events["raises"]()[2]
    with subtests.test("bisection"):
        assert again not in (["a"], ["b"]), supports("bisection", "event_sources/batches.py")
    with subtests.test("retry limit"):
        assert again != ["c"], supports("MaximumRetryAttempts", "event_sources/batches.py")
    with subtests.test("failure bucket"):
        stored = bench.client("s3").list_objects_v2(Bucket="failures")
        assert stored["KeyCount"] == 0, supports(
            "S3 as a destination", "failure_bucket.py and its part of transform.py"
        )


def test_emulator_still_lacks_what_the_adapter_supplies(bench: Bench, subtests: pytest.Subtests) -> None:
    url = f"{bench.url}/_aws/execute-api/{deploy(bench, document(bench.role))}/v1"

    def status(path: str, body: Any) -> int:
        return httpx.post(f"{url}/{path}", json=body, timeout=DEADLINE_SECONDS, trust_env=False).status_code

    assert status("checked", {}) == 200
    with subtests.test("direct integrations"):
        assert status("direct", {}) != 200, supports("direct integrations", "apigateway/ and its part of transform.py")
    with subtests.test("request validators"):
        assert status("checked", []) == 200, supports("request validators", "the validation in apigateway/adapter.py")
    with subtests.test("gateway responses"):
        assert status("nothing", {}) == 403, supports("gateway responses", "apply_gateway_responses in transform.py")


def document(role: str) -> dict[str, Any]:
    """Return a contract with a direct integration, a checked body, and a gateway response for unknown paths."""
    answer = {"responses": {"default": {"statusCode": "200"}}}
    direct = {
        "type": "aws",
        "httpMethod": "POST",
        "uri": "arn:aws:apigateway:us-east-1:dynamodb:action/PutItem",
        "credentials": role,
        "requestTemplates": {"application/json": '{"TableName": "notes", "Item": {"id": {"S": "direct"}}}'},
        "passthroughBehavior": "never",
    }
    note = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Note"}}}}
    return {
        "openapi": "3.0.1",
        "info": {"title": "Limits", "version": "1"},
        "x-amazon-apigateway-request-validators": {"body": {"validateRequestBody": True}},
        "x-amazon-apigateway-request-validator": "body",
        "x-amazon-apigateway-gateway-responses": {"MISSING_AUTHENTICATION_TOKEN": {"statusCode": 404}},
        "components": {"schemas": {"Note": {"type": "object"}}},
        "paths": {
            "/direct": {"post": {"x-amazon-apigateway-integration": direct | answer}},
            "/checked": {"post": {"requestBody": note, "x-amazon-apigateway-integration": {"type": "mock"} | answer}},
        },
    }


def deploy(bench: Bench, document: dict[str, Any]) -> str:
    """Deploy an API with a stage v1. Return its id."""
    template = {
        "Resources": {
            "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Body": document}},
            "Deployment": {"Type": "AWS::ApiGateway::Deployment", "Properties": {"RestApiId": {"Ref": "Api"}}},
            "Stage": {
                "Type": "AWS::ApiGateway::Stage",
                "Properties": {
                    "RestApiId": {"Ref": "Api"},
                    "DeploymentId": {"Ref": "Deployment"},
                    "StageName": "v1",
                },
            },
        }
    }
    cloudformation = bench.client("cloudformation")
    cloudformation.create_stack(StackName="limits", TemplateBody=json.dumps(template))
    cloudformation.get_waiter("stack_create_complete").wait(StackName="limits", WaiterConfig={"Delay": 1})
    resource = cloudformation.describe_stack_resource(StackName="limits", LogicalResourceId="Api")
    api_id: str = resource["StackResourceDetail"]["PhysicalResourceId"]
    return api_id


def supports(feature: str, part: str) -> str:
    return f"MiniStack now supports {feature}: delete our part, dev/local_aws/{part}"
