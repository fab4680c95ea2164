"""A stage in the account of the shared stack, deployed as `make pipeline` does."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dev.application.stack import Stack
from dev.local_pipeline import Account, broken, require_rollback
from dev.stages import read_stage


@pytest.fixture
def account(stack: Stack) -> Iterator[Account]:
    """The emulated account, prepared for stages."""
    account, cloudformation = Account(stack.emulator), stack.client("cloudformation")
    account.prepare()
    yield account
    for name in (read_stage("dev").stack, read_stage("dev").pipeline_stack):
        cloudformation.delete_stack(StackName=name)
        cloudformation.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig={"Delay": 1})


def test_stage_is_deployed_and_a_broken_version_rolled_back(account: Account, build_dir: Path, tmp_path: Path) -> None:
    stage = read_stage("dev")
    job = account.job(stage)
    job.deploy(stage, build_dir / "template.yaml")

    require_rollback(account, job, stage, broken(build_dir / "template.yaml", tmp_path / "broken"))
