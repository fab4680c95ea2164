"""The variables of a shell for `sam local`."""

import boto3
import pytest

from dev.local_aws.emulator import aws_environment
from dev.local_aws.sam_local import NO_DEPLOYMENTS, VARIABLES


def test_nothing_deploys_from_a_shell_of_the_local_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"AWS_ENDPOINT_URL": "http://127.0.0.1:1", **NO_DEPLOYMENTS}.items():
        monkeypatch.setenv(name, value)

    addresses = {
        name: boto3.client(name, region_name="us-east-1").meta.endpoint_url for name in ("s3", "cloudformation")
    }

    assert addresses == {
        "s3": "http://127.0.0.1:1",
        "cloudformation": "http://this-shell-uses-the-local-stack.invalid/undo-it-with/dev-env--off",
    }


def test_no_region_of_the_user_remains_in_a_shell_of_the_local_stack() -> None:
    """The AWS CLI prefers another variable than boto3."""
    assert {name for name in aws_environment("") if name.endswith("_REGION")} <= {*VARIABLES}
