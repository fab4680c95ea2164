"""Changes of the built template for the emulator, each with its reason.

template.yaml contains nothing for the emulator but the parameter EndpointUrl. Some changes are made in the template
before the deployment, others through the emulator's API after it.
"""

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dev.local_aws.event_sources.mapping import TYPE as STREAM_MAPPING
from dev.local_aws.event_sources.mapping import reads_dynamodb
from dev.local_aws.template import attribute_of, load_yaml, operations, referent, resources

if TYPE_CHECKING:
    from mypy_boto3_apigateway import APIGatewayClient

API_ID = "local"
"""The local API's id: fixed, so that its address stays the same across deployments."""

MOVED_API_ID = "local-moved"
"""The API's id during a redeployment."""

LOCAL_OPENAPI = "local-openapi.json"
_APIGATEWAY = Path(__file__).with_name("apigateway")
_FAILURE_BUCKET = Path(__file__).with_name("failure_bucket.py")
_API_ADDRESS = re.compile(r"https://\$\{\w+\}\.execute-api\.[^/]+/\w+")


def write_local_template(built: Path, openapi: Path, endpoint_url: str, api_id: str = API_ID) -> Path:
    """Write the changed template beside the built one, because paths are relative. Return its path.

    The emulator updates a changed API by creating a new one and deleting the old one by id. With a fixed id this
    deletes both, so a changed API is deployed under MOVED_API_ID first, and then under its own id.
    """
    template = load_yaml(built)
    api = _api(template)
    _fix_api_address(api, endpoint_url, api_id)
    _adapt_direct_integrations(template, built.parent, openapi, endpoint_url, api_id)
    _allow_plain_http(template)
    _leave_out_compiled_layers(template)
    _disable_stream_mappings(template)
    _store_failed_events(template, built.parent, endpoint_url)
    _leave_out_rejected_observability(template)
    local = built.with_name("local.json")
    local.write_text(json.dumps(template, indent=1))
    return local


def _api(template: dict[str, Any]) -> dict[str, Any]:
    """Return the properties of the one REST API."""
    (api,) = resources(template, "AWS::Serverless::Api").values()
    properties: dict[str, Any] = api["Properties"]
    return properties


def _fix_api_address(api: dict[str, Any], endpoint_url: str, api_id: str) -> None:
    """Fix the API's id, because a new id would change the address for every client.

    Stage variables with the API's address get the local address.
    """
    api.setdefault("Tags", {})["ms-custom-id"] = api_id
    api["PropagateTags"] = True  # from the stage, which SAM tags, to the API
    for name, value in api.get("Variables", {}).items():
        if isinstance(value, dict) and _API_ADDRESS.fullmatch(str(value.get("Fn::Sub", ""))):
            api["Variables"][name] = endpoint_url + api_path(api_id, api["StageName"])


def api_path(api_id: str, stage: str) -> str:
    """Return the path of an API's stage in the emulator."""
    return f"/_aws/execute-api/{api_id}/{stage}"


def _adapt_direct_integrations(
    template: dict[str, Any], folder: Path, openapi: Path, endpoint_url: str, api_id: str
) -> None:
    """Point direct integrations to a function under the integration's role, because the emulator does not run them."""
    document = load_yaml(openapi)
    document["info"]["title"] += f" ({api_id})"  # without a change it would not be moved
    for operation in operations(document).values():
        integration = operation["x-amazon-apigateway-integration"]
        if integration["type"] == "aws":
            role, adapter = role_of(integration), adapter_of(integration)
            if adapter not in template["Resources"]:
                code = _adapter_code(folder / "DirectIntegrations", openapi)
                handler = "dev.local_aws.apigateway.adapter.handler"
                template["Resources"][adapter] = _local_function(role, handler, code, endpoint_url)
                _let_lambda_assume(template["Resources"][role])
            operation["x-amazon-apigateway-integration"] = proxy_to(adapter)
    local = folder / LOCAL_OPENAPI
    local.write_text(json.dumps(document))
    properties = _api(template)
    properties["DefinitionBody"]["Fn::Transform"]["Parameters"]["Location"] = str(local)
    # The emulator does not read them from the document.
    properties["BinaryMediaTypes"] = document.get("x-amazon-apigateway-binary-media-types", [])


def role_of(integration: Mapping[str, Any]) -> str:
    """Return the role of a direct integration."""
    role: str = integration["credentials"]["Fn::GetAtt"][0]
    return role


def adapter_of(integration: Mapping[str, Any]) -> str:
    """Return the function that a direct integration points to locally."""
    return f"{role_of(integration)}Adapter"


def _local_function(role: str, handler: str, code: Path, endpoint_url: str, **variables: Any) -> dict[str, Any]:
    """Return a function that does under a role what AWS does under it."""
    return {
        "Type": "AWS::Serverless::Function",
        "Properties": {
            "Runtime": "python3.13",
            "Handler": handler,
            "CodeUri": str(code),
            "Timeout": 29,  # of an integration
            "Role": {"Fn::GetAtt": [role, "Arn"]},
            "Environment": {"Variables": {"AWS_ENDPOINT_URL": endpoint_url, **variables}},
        },
    }


def _let_lambda_assume(role: dict[str, Any]) -> None:
    role["Properties"]["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] = {
        "Service": ["apigateway.amazonaws.com", "lambda.amazonaws.com"]
    }


def _adapter_code(folder: Path, openapi: Path) -> Path:
    """Copy the adapter and the document that it reads, as the code of a function."""
    package = folder / "dev" / "local_aws" / "apigateway"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(_APIGATEWAY, package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(openapi, package / "openapi.yaml")
    # Without them this `dev` would be a namespace package, and the one of the working copy would take precedence.
    for parent in (folder / "dev", package.parent):
        (parent / "__init__.py").touch()
    return folder


def proxy_to(function: str) -> dict[str, Any]:
    """Return an integration that invokes a function."""
    function_arn = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${FUNCTION.Arn}"
    invocation = f"{function_arn.replace('FUNCTION', function)}/invocations"
    return {"type": "aws_proxy", "httpMethod": "POST", "uri": {"Fn::Sub": invocation}}


def _allow_plain_http(template: dict[str, Any]) -> None:
    """Remove the rule that requires TLS, because the local stack has no TLS."""
    for logical_id, policy in resources(template, "AWS::S3::BucketPolicy").items():
        document = policy["Properties"]["PolicyDocument"]
        document["Statement"] = [each for each in document["Statement"] if not _insists_on_tls(each)]
        if not document["Statement"]:
            del template["Resources"][logical_id]


def _insists_on_tls(statement: dict[str, Any]) -> bool:
    return statement["Effect"] == "Deny" and "aws:SecureTransport" in statement.get("Condition", {}).get("Bool", {})


def _leave_out_compiled_layers(template: dict[str, Any]) -> None:
    """Remove layers with compiled code.

    The emulator runs functions in the project's environment, which has the same locked packages, compiled for this
    machine. It unpacks every layer for every process.
    """
    for function in resources(template, "AWS::Serverless::Function").values():
        for layer in function["Properties"].pop("Layers", []):
            template["Resources"].pop(layer["Ref"], None)


def _disable_stream_mappings(template: dict[str, Any]) -> None:
    """Disable the emulator's mappings, which do not support partial batches, bisection or retry limits.

    The poller of dev.local_aws.event_sources delivers instead, with the settings of the built template.
    """
    for body in template["Resources"].values():
        if body.get("Type") == STREAM_MAPPING and reads_dynamodb(body):
            body["Properties"]["Enabled"] = False


def _store_failed_events(template: dict[str, Any], folder: Path, endpoint_url: str) -> None:
    """Send failed asynchronous events to a function that stores them, because the emulator sends none to a bucket."""
    buckets = resources(template, "AWS::S3::Bucket")
    for body in resources(template, "AWS::Lambda::EventInvokeConfig").values():
        on_failure = body["Properties"].get("DestinationConfig", {}).get("OnFailure", {})
        bucket = attribute_of(on_failure.get("Destination")).removesuffix(".Arn")
        if bucket in buckets:
            function = referent(body["Properties"]["FunctionName"])
            code = folder / "FailedEvents"
            code.mkdir(exist_ok=True)
            shutil.copy(_FAILURE_BUCKET, code)
            template["Resources"][f"{function}Failures"] = _local_function(
                f"{function}Role", "failure_bucket.handler", code, endpoint_url, FAILURE_BUCKET={"Ref": bucket}
            )
            on_failure["Destination"] = {"Fn::GetAtt": [f"{function}Failures", "Arn"]}


def _leave_out_rejected_observability(template: dict[str, Any]) -> None:
    """Remove saved queries and alarms on several metrics, which the emulator rejects, and dashboards that name them."""
    for logical_id in [
        *resources(template, "AWS::CloudWatch::Dashboard"),
        *resources(template, "AWS::Logs::QueryDefinition"),
        *(
            name
            for name, body in resources(template, "AWS::CloudWatch::Alarm").items()
            if "Metrics" in body["Properties"]
        ),
    ]:
        del template["Resources"][logical_id]


def apply_gateway_responses(apigateway: "APIGatewayClient", document: Mapping[str, Any]) -> None:
    """Put the gateway responses that differ and deploy the stage again, because the emulator drops them on import."""
    wanted = document.get("x-amazon-apigateway-gateway-responses", {})
    current = {
        response["responseType"]: response for response in apigateway.get_gateway_responses(restApiId=API_ID)["items"]
    }
    stale = [name for name, response in wanted.items() if _differs(current.get(name, {}), response)]
    for name in stale:
        apigateway.put_gateway_response(
            restApiId=API_ID,
            responseType=name,
            statusCode=str(wanted[name]["statusCode"]),
            responseParameters=wanted[name]["responseParameters"],
            responseTemplates=wanted[name]["responseTemplates"],
        )
    if stale:
        apigateway.create_deployment(restApiId=API_ID, stageName=stage_name(apigateway))


def stage_name(apigateway: "APIGatewayClient") -> str:
    """Return the name of the deployed API's only stage."""
    (stage,) = apigateway.get_stages(restApiId=API_ID)["item"]
    return stage["stageName"]


def _differs(current: Any, wanted: dict[str, Any]) -> bool:
    return (
        str(current.get("statusCode")) != str(wanted["statusCode"])
        or current.get("responseParameters") != wanted["responseParameters"]
        or current.get("responseTemplates") != wanted["responseTemplates"]
    )
