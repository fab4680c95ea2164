"""Deploy a stage of samconfig.toml with the roles and the bucket of pipeline/template.yaml."""

import subprocess
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from dev.errors import DevError
from dev.local_aws.sam import SAM
from dev.paths import ROOT

SETTINGS = ROOT / "samconfig.toml"
BUILT = ROOT / ".aws-sam" / "build" / "template.yaml"
AWS_HOSTS = (".amazonaws.com", ".amazonaws.eu", ".api.aws")

type Client = Callable[..., Any]


@dataclass(frozen=True)
class Stage:
    """An environment of samconfig.toml. Its stack is named APPLICATION-STAGE."""

    name: str
    stack: str
    parameters: list[str]
    """Such as `Stage=prod`."""

    @property
    def pipeline_stack(self) -> str:
        return f"{self.stack.removesuffix(f'-{self.name}')}-pipeline"


def read_stage(name: str) -> Stage:
    """Return a stage. Raises DevError if samconfig.toml has none of this name."""
    environments = tomllib.loads(SETTINGS.read_text())
    stages = [each for each in environments if each not in ("version", "default")]
    if name not in stages:
        raise DevError(f"No stage {name}. There are: {', '.join(stages)}")
    settings = environments[name]["deploy"]["parameters"]
    return Stage(name, settings["stack_name"], settings["parameter_overrides"].split())


def deploy(stage: Stage, client: Client, run: Callable[[list[str]], None], *, plan: bool) -> None:
    """Show a change set of the last build and execute it on AWS, unless `plan`. Raises DevError."""
    require_aws(client)
    deploy_template(BUILT, stage, client, run, plan=plan)


def deploy_template(
    template: Path, stage: Stage, client: Client, run: Callable[[list[str]], None], *, plan: bool
) -> None:
    """Show a change set of a built template and execute it where `client` is, unless `plan`. Raises DevError."""
    require_log_role(client)
    if not template.exists():
        raise DevError("Nothing is built. Run: make build")
    outputs = pipeline_outputs(stage, client)
    run(
        [
            *(SAM, "deploy", "--config-file", str(SETTINGS), "--config-env", stage.name),
            *("--template-file", str(template)),
            *("--no-resolve-s3", "--s3-bucket", outputs["ArtifactBucketName"]),
            *([] if plan else ["--force-upload"]),  # a role that needs no approval can write the objects too
            *("--role-arn", outputs[f"ExecutionRoleArn{stage.name}"]),
            "--parameter-overrides",
            *(*stage.parameters, f"PermissionsBoundaryArn={outputs[f'BoundaryArn{stage.name}']}"),
            "--no-confirm-changeset",
            *(["--no-execute-changeset"] if plan else []),
        ]
    )
    if stage.name == "prod" and not plan:
        client("cloudformation").update_termination_protection(StackName=stage.stack, EnableTerminationProtection=True)


def require_aws(client: Client) -> None:
    """Raise DevError if requests go to an emulator, by a variable or by the profile."""
    for service in ("cloudformation", "s3", "apigateway"):
        address = client(service).meta.endpoint_url
        if not str(urlsplit(address).hostname).endswith(AWS_HOSTS):
            raise DevError(
                f"This shell sends requests for {service} to {address}, not to AWS. Nothing was deployed. "
                'Unset AWS_ENDPOINT_URL, or undo `dev env` with: eval "$(dev env --off)"'
            )


def require_log_role(client: Client) -> None:
    """Raise DevError if API Gateway cannot write logs. The deployment would fail, after minutes."""
    if not client("apigateway").get_account().get("cloudwatchRoleArn"):
        raise DevError(
            "API Gateway has no role for logs in this account and region. "
            "Deploy pipeline/template.yaml as docs/pipeline.md describes, with ConfigureLogging=true"
        )


def pipeline_outputs(stage: Stage, client: Client) -> dict[str, str]:
    """Return the outputs of the pipeline's stack. Raises DevError if it is missing or lacks the stage."""
    try:
        (stack,) = client("cloudformation").describe_stacks(StackName=stage.pipeline_stack)["Stacks"]
    except ClientError as error:
        raise DevError(f"Cannot read the stack {stage.pipeline_stack}, see docs/pipeline.md: {error}") from error
    outputs = {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}
    if f"ExecutionRoleArn{stage.name}" not in outputs:
        raise DevError(f"The stack {stage.pipeline_stack} has no stage {stage.name}. Add it to its parameter Stages.")
    return outputs


def run(command: list[str]) -> None:
    """Run a command. Raises DevError if it fails."""
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        raise DevError("`sam deploy` failed.")
