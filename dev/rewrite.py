"""What differs between the built template and what is deployed locally: each difference, and why.

template.yaml itself knows nothing of the emulator. The rest of AWS that the emulator lacks is supplied
here, before the deployment in the template and after it through the emulator's own API.
"""

import json
import sys
from pathlib import Path
from typing import Any

from mypy_boto3_apigateway import APIGatewayClient

from dev.template import load_openapi, load_template

API_ID = "local"
"""The local API's id: fixed, so that its address stays the same across deployments."""

STAGE = "v1"


def write_local_template(built: Path) -> Path:
    """Write the rewritten template beside the built one, whose relative paths it shares. Returns its path."""
    template = load_template(built)
    _fix_api_id(template)
    _leave_out_compiled_layer(template)
    local = built.with_name("local.json")
    local.write_text(json.dumps(template, indent=1))
    return local


def _fix_api_id(template: dict[str, Any]) -> None:
    """A new id at each new stack would change every address that a client holds."""
    properties = template["Resources"]["Api"]["Properties"]
    properties.setdefault("Tags", {})["ms-custom-id"] = API_ID
    properties["PropagateTags"] = True  # from the stage, which SAM tags, to the API


def _leave_out_compiled_layer(template: dict[str, Any]) -> None:
    """Lambda is Linux, the emulator runs functions on this machine: elsewhere they find the same packages, locked
    alike, in the project's own environment."""
    if sys.platform != "linux":
        template["Resources"].get("AuthorizeFunction", {"Properties": {}})["Properties"].pop("Layers", None)


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
