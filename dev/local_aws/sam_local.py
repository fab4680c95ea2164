"""Template and environment of `sam local`: source code, physical names, and what API Gateway does besides proxying."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dev.local_aws.emulator import CREDENTIALS, REGION
from dev.local_aws.invocation import LONGEST_INVOCATION_SECONDS
from dev.local_aws.stack import LocalStack
from dev.local_aws.template import functions_from, load_yaml, operations, referent, resources
from dev.local_aws.transform import API_ID, adapter_of, proxy_to

NO_DEPLOYMENTS = {
    "AWS_ENDPOINT_URL_CLOUDFORMATION": "http://this-shell-uses-the-local-stack.invalid/undo-it-with/dev-env--off"
}
"""Makes tools that deploy fail. Otherwise `sam deploy --config-env staging` would succeed, in the emulator."""

_ALWAYS = CREDENTIALS | NO_DEPLOYMENTS | {"AWS_DEFAULT_REGION": REGION, "AWS_REGION": REGION}
VARIABLES = ("AWS_ENDPOINT_URL", *_ALWAYS)
"""The variables that `write` returns."""

GATEWAY = "SamLocalGateway"
_THREE_PARTS = r"^(Bearer )?[\w-]+\.[\w-]+\.[\w-]*$"
"""The form of a token. SAM CLI answers 401 to any other value, but 403 to a token that the function rejects."""

_GATEWAY_CODE = Path(__file__).with_name("sam_gateway")


def write(stack: LocalStack, folder: Path) -> dict[str, str]:
    """Write template.json and env.json for `sam local`. Return the variables that the shell also needs.

    env.json holds the deployed functions' variables, because `sam local` would pass logical ids, with the
    emulator's address as containers reach it. The file can set only variables of the template. The shell needs the
    rest: SAM CLI passes the shell's credentials to the container, and asks STS for the account, which without an
    address of the emulator takes ten seconds to fail.
    """
    here = stack.emulator.endpoint_url
    endpoint_url = stack.bridge.start(int(here.rpartition(":")[2]))
    variables = {
        logical_id: {variable: value.replace(here, endpoint_url) for variable, value in _deployed(stack, name).items()}
        for logical_id, name in stack.resources()["AWS::Lambda::Function"].items()
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "env.json").write_text(json.dumps(variables, indent=2))
    (folder / "template.json").write_text(json.dumps(_template(stack, folder, endpoint_url), indent=1))
    return {"AWS_ENDPOINT_URL": endpoint_url} | _ALWAYS


def _deployed(stack: LocalStack, function_name: str) -> dict[str, str]:
    configuration = stack.client("lambda").get_function_configuration(FunctionName=function_name)
    variables: dict[str, str] = configuration["Environment"]["Variables"]
    return variables


def _template(stack: LocalStack, folder: Path, endpoint_url: str) -> dict[str, Any]:
    """Return the built template with functions that run their source, and with every route of the contract.

    The layers are those of the last build.
    """
    template = load_yaml(stack.build_dir / "template.yaml")
    template["Parameters"] = template.get("Parameters", {}) | {
        "EndpointUrl": {"Type": "String", "Default": endpoint_url}  # declares AWS_ENDPOINT_URL, for env.json to set it
    }
    for layer in resources(template, "AWS::Serverless::LayerVersion").values():
        layer["Properties"]["ContentUri"] = str(stack.build_dir / layer["Properties"]["ContentUri"])
    functions = resources(template, "AWS::Serverless::Function")
    for name in functions.keys() & {*functions_from(stack.project.template, stack.project.functions)}:
        functions[name]["Properties"]["CodeUri"] = str(stack.project.functions)
        functions[name]["Properties"].pop("Events", None)  # routes without authorizers, beside those of the contract
        # A busy machine may take longer than AWS, and `sam local invoke` then prints nothing and exits with 0.
        functions[name]["Properties"]["Timeout"] = LONGEST_INVOCATION_SECONDS
    _serve_contract(stack, template, folder, endpoint_url)
    return template


def _serve_contract(stack: LocalStack, template: dict[str, Any], folder: Path, endpoint_url: str) -> None:
    """Put the contract into the API, with Lambda functions for all that SAM CLI does not support."""
    document = load_yaml(stack.project.openapi)
    physical, adapters = stack.resources(), {}
    for (method, path), operation in operations(document).items():
        if operation["x-amazon-apigateway-integration"]["type"] == "aws":
            adapter = adapter_of(operation["x-amazon-apigateway-integration"])
            adapters[f"{method} {path}"] = physical["AWS::Lambda::Function"][adapter]
            operation["x-amazon-apigateway-integration"] = proxy_to(GATEWAY)
    schemes = document.get("components", {}).get("securitySchemes", {})
    pools = [_authorize_by_gateway(scheme) for scheme in schemes.values()]
    pool = next((physical["AWS::Cognito::UserPool"][each] for each in pools if each), "")
    keys = stack.client("apigateway").get_api_keys(includeValues=True)["items"]
    (api,) = resources(template, "AWS::Serverless::Api").values()
    api["Properties"] |= {
        "DefinitionBody": document,
        "BinaryMediaTypes": document.get("x-amazon-apigateway-binary-media-types", []),
        "Variables": stack.client("apigateway")
        .get_stage(restApiId=API_ID, stageName=stack.stage())
        .get("variables", {}),
    }
    code = folder / "gateway"
    package = code / "dev" / "local_aws" / _GATEWAY_CODE.name
    # A running `start-api` watches these files: it ends its container if they are deleted.
    shutil.copytree(_GATEWAY_CODE, package, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
    template["Resources"][GATEWAY] = {
        "Type": "AWS::Serverless::Function",
        "Properties": {
            "Runtime": "python3.13",
            "Handler": "dev.local_aws.sam_gateway.gateway.handler",
            "CodeUri": str(code),
            "Timeout": LONGEST_INVOCATION_SECONDS,
            "Environment": {
                "Variables": {
                    "AWS_ENDPOINT_URL": endpoint_url,
                    "ISSUER": f"https://cognito-idp.{REGION}.amazonaws.com/{pool}",
                    "JWKS_URL": f"{endpoint_url}/{pool}/.well-known/jwks.json",
                    "API_KEYS": ",".join(key["value"] for key in keys if key["enabled"]),
                    "ADAPTERS": json.dumps(adapters),
                }
            },
        },
    }


def _authorize_by_gateway(scheme: dict[str, Any]) -> str:
    """Let the gateway function do what a scheme without a function does. Return the scheme's user pool, if any."""
    authorizer: Mapping[str, Any] = scheme.get("x-amazon-apigateway-authorizer", {})
    kind = {"": "request", "cognito_user_pools": "token"}.get(authorizer.get("type", ""))
    form = {"identityValidationExpression": _THREE_PARTS} if kind == "token" else {}
    if kind:
        scheme["x-amazon-apigateway-authtype"] = "custom"
        scheme["x-amazon-apigateway-authorizer"] = {"type": kind, "authorizerUri": proxy_to(GATEWAY)["uri"]} | form
    return referent(authorizer["providerARNs"][0]) if kind == "token" else ""
