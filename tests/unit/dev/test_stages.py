"""`dev deploy`, up to the SAM CLI."""

from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from dev import stages
from dev.cli import main
from dev.errors import DevError
from dev.paths import ROOT, TEMPLATE
from dev.stages import Client, Stage, deploy, read_stage

PROD = Stage("prod", "shop-prod", ["Stage=prod", "LogEvents=false"])
ROLE = "arn:aws:iam::111122223333:role/execution"
OUTPUTS = {"ArtifactBucketName": "artifacts", "ExecutionRoleArnprod": ROLE, "BoundaryArnprod": "arn:boundary"}


@pytest.fixture(autouse=True)
def _built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "BUILT", TEMPLATE)


def account(
    log_role: str = "arn:role", address: str = "https://x.amazonaws.com", **outputs: str
) -> tuple[Client, list[Any]]:
    """Return clients of an account, and the calls that change it."""
    calls: list[Any] = []

    def describe_stacks(StackName: str) -> Any:  # noqa: N803
        if StackName != "shop-pipeline":
            raise ClientError({"Error": {"Code": "ValidationError"}}, "DescribeStacks")
        return {"Stacks": [{"Outputs": [{"OutputKey": key, "OutputValue": value} for key, value in outputs.items()]}]}

    everything = SimpleNamespace(
        meta=SimpleNamespace(endpoint_url=address),
        get_account=lambda: {"cloudwatchRoleArn": log_role},
        describe_stacks=describe_stacks,
        update_termination_protection=lambda **given: calls.append(given),
    )
    return lambda _service: everything, calls


def test_production_is_deployed_with_its_role_and_boundary_then_protected() -> None:
    client, calls = account(**OUTPUTS)

    deploy(PROD, client, calls.append, plan=False)

    command, protection = calls
    assert command[1:6] == ["deploy", "--config-file", str(ROOT / "samconfig.toml"), "--config-env", "prod"]
    assert command[8:] == [
        *("--no-resolve-s3", "--s3-bucket", "artifacts", "--force-upload", "--role-arn", ROLE),
        *("--parameter-overrides", "Stage=prod", "LogEvents=false", "PermissionsBoundaryArn=arn:boundary"),
        "--no-confirm-changeset",
    ]
    assert protection == {"StackName": "shop-prod", "EnableTerminationProtection": True}


def test_plan_executes_nothing() -> None:
    client, calls = account(**OUTPUTS)

    deploy(PROD, client, calls.append, plan=True)

    (command,) = calls
    assert command[-1] == "--no-execute-changeset"
    assert "--force-upload" not in command


@pytest.mark.parametrize(
    ("stage", "given", "message"),
    [
        (PROD, {"log_role": ""}, "API Gateway has no role for logs"),
        (PROD, {"ArtifactBucketName": "artifacts"}, "has no stage prod"),
        (Stage("prod", "other-prod", []), {}, "Cannot read the stack other-pipeline"),
    ],
)
def test_account_that_is_not_prepared_is_rejected(stage: Stage, given: dict[str, str], message: str) -> None:
    client, calls = account(**given)

    with pytest.raises(DevError, match=message):
        deploy(stage, client, calls.append, plan=False)
    assert calls == []


def test_shell_of_the_local_stack_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")
    session = boto3.Session("test", "test", region_name="us-east-1")

    with pytest.raises(
        DevError, match=r"requests for cloudformation to http://127.0.0.1:4566, not to AWS. Nothing was"
    ):
        deploy(PROD, session.client, print, plan=False)


@pytest.mark.parametrize("dual_stack", ["false", "true"])
def test_addresses_of_aws_are_accepted(monkeypatch: pytest.MonkeyPatch, dual_stack: str) -> None:
    monkeypatch.setenv("AWS_USE_DUALSTACK_ENDPOINT", dual_stack)

    stages.require_aws(boto3.Session("test", "test", region_name="eu-central-1").client)


def test_shell_without_a_region_gets_a_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/no/such/file")

    monkeypatch.setattr("sys.argv", ["dev", "deploy", "prod"])

    with pytest.raises(SystemExit):
        main()

    assert capsys.readouterr().err == "error: You must specify a region. Set AWS_DEFAULT_REGION.\n"


def test_stages_are_those_of_samconfig() -> None:
    assert read_stage("staging").stack.endswith("-staging")
    assert "Stage=staging" in read_stage("staging").parameters
    with pytest.raises(DevError, match=r"No stage default\. There are: dev, staging, prod"):
        read_stage("default")
