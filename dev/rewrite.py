"""What differs between the built template and what is deployed locally: each difference, and why.

template.yaml itself knows nothing of the emulator. The rest of AWS that the emulator lacks is supplied
here, before the deployment in the template and after it through the emulator's own API.
"""

import json
from pathlib import Path
from typing import Any

from mypy_boto3_apigateway import APIGatewayClient

from dev.streams.mapping import TYPE as STREAM_MAPPING
from dev.streams.mapping import reads_dynamodb
from dev.template import load_openapi, load_template

API_ID = "local"
"""The local API's id: fixed, so that its address stays the same across deployments."""

STAGE = "v1"


def write_local_template(built: Path) -> Path:
    """Write the rewritten template beside the built one, whose relative paths it shares. Returns its path."""
    template = load_template(built)
    _fix_api_id(template)
    _disable_stream_mappings(template)
    local = built.with_name("local.json")
    local.write_text(json.dumps(template, indent=1))
    return local


def _fix_api_id(template: dict[str, Any]) -> None:
    """A new id at each new stack would change every address that a client holds."""
    properties = template["Resources"]["Api"]["Properties"]
    properties.setdefault("Tags", {})["ms-custom-id"] = API_ID
    properties["PropagateTags"] = True  # from the stage, which SAM tags, to the API


def _disable_stream_mappings(template: dict[str, Any]) -> None:
    """The emulator's own mappings lose what fails: they know no partial batch, bisection or retry limit.

    The poller of dev.streams delivers instead, by what the built template says.
    """
    for body in template["Resources"].values():
        if body.get("Type") == STREAM_MAPPING and reads_dynamodb(body):
            body["Properties"]["Enabled"] = False


def apply_gateway_responses(apigateway: APIGatewayClient) -> None:
    """The emulator drops gateway responses on import: put those that differ, and deploy the stage again."""
    wanted = load_openapi()["x-amazon-apigateway-gateway-responses"]
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
        apigateway.create_deployment(restApiId=API_ID, stageName=STAGE)


def _differs(current: Any, wanted: dict[str, Any]) -> bool:
    return (
        str(current.get("statusCode")) != str(wanted["statusCode"])
        or current.get("responseParameters") != wanted["responseParameters"]
        or current.get("responseTemplates") != wanted["responseTemplates"]
    )
