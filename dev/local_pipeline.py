"""Run the deploy pipeline in an emulated AWS account of its own: make pipeline.

`dev deploy` rejects emulators. This program starts an emulator, makes clients of it and stops it, so it calls what
`dev deploy` calls after that check.
"""

import json
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from dev.application.deployed_stack import DeployedStack
from dev.application.project import PROJECT
from dev.errors import DevError, exits_with
from dev.local_aws import sam, transform
from dev.local_aws.deployment import stack_resources
from dev.local_aws.emulator import Emulator
from dev.local_aws.template import load_yaml, resources
from dev.paths import EVENTS, ROOT
from dev.replay import command, targets
from dev.replay.run import run
from dev.stages import Stage, deploy_template, pipeline_outputs, read_stage

SMOKE_TEST = "/ok"
"""Part of the names of the cases that the smoke test replays."""
REPLACED_AND_PUT_BACK = ["UPDATE_COMPLETE", "UPDATE_IN_PROGRESS"] * 2
"""The last states of a function after a rollback, the last one first."""
DEV = str(Path(sys.executable).with_name("dev"))


@dataclass(frozen=True)
class Account:
    """An emulated account with the pipeline's stack and the stacks of all stages, as one user sees it."""

    emulator: Emulator
    credentials: dict[str, str] = field(default_factory=dict)
    """The user's, as environment variables. Without them, the user is the account's root."""

    def client(self, service: str, **options: Any) -> Any:
        """Return a new boto3 client."""
        keys = {name.lower(): value for name, value in self.credentials.items()}
        return self.emulator.client(service, **keys, **options)

    def run(self, arguments: list[str]) -> None:
        """Run a command whose requests go to this account. Raises DevError with its output if it fails."""
        done = subprocess.run(
            arguments,
            cwd=ROOT,
            env=sam.environment(self.emulator.endpoint_url) | self.credentials,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            raise DevError(f"{' '.join(arguments)} failed:\n{done.stdout[-4000:]}")

    def prepare(self) -> None:
        """Deploy pipeline/template.yaml, as an administrator does."""
        cloudformation, name = self.client("cloudformation"), read_stage("prod").pipeline_stack
        cloudformation.create_stack(
            StackName=name,
            TemplateBody=(ROOT / "pipeline" / "template.yaml").read_text(),
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        )
        cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
        bucket = pipeline_outputs(read_stage("prod"), self.client)["ArtifactBucketName"]
        self.client("s3").delete_bucket_policy(Bucket=bucket)  # it requires TLS, which the emulator lacks

    def job(self, stage: Stage, *, plan: bool = False) -> "Account":
        """Return this account as a job of another CI uses it: with the policies of the pipeline, which are enforced."""
        iam, name = self.client("iam"), f"ci-{stage.name}-{'plan' if plan else 'deploy'}"
        root = {"AWS": self.client("sts").get_caller_identity()["Account"]}
        trust = {"Effect": "Allow", "Principal": root, "Action": "sts:AssumeRole"}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy)["Role"]
        outputs = pipeline_outputs(stage, self.client)
        for output in (f"PlanPolicyArn{stage.name}", *([] if plan else [f"DeployPolicyArn{stage.name}"])):
            iam.attach_role_policy(RoleName=name, PolicyArn=outputs[output])
        keys = self.client("sts").assume_role(RoleArn=role["Arn"], RoleSessionName=name)["Credentials"]
        return replace(
            self,
            credentials={
                "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
                "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
                "AWS_SESSION_TOKEN": keys["SessionToken"],
            },
        )

    def deploy(self, stage: Stage, built: Path, *, plan: bool = False) -> None:
        """Deploy a build with the changes for the emulator. Raises DevError."""
        api_id = f"{transform.API_ID}-{stage.name}"
        template = transform.write_local_template(built, PROJECT.openapi, self.emulator.endpoint_url, api_id)
        deploy_template(template, stage, self.client, self.run, plan=plan)

    def smoke_test(self, stage: Stage) -> None:
        """Replay as the pipeline does. Raises DevError."""
        self.run([DEV, "replay", "-k", SMOKE_TEST, "--stack", stage.stack, "--confirm", stage.stack])

    def require_service(self, stage: Stage) -> None:
        """Replay one case per function, also in production, which `dev replay` rejects. Raises DevError."""
        cases = {path.parent: path for path in command.chosen([EVENTS], SMOKE_TEST)}
        physical = self.resources(stage)
        deployed = DeployedStack(stage.stack, is_local=False, resources=physical, client=self.client)
        target = targets.deployed_target(deployed)
        failed = [result for result in run(target, cases.values(), lambda: False) if result.problems]
        if failed:
            raise DevError("\n".join(f"{result.name} failed: {result.problems}" for result in failed))

    def resources(self, stage: Stage) -> dict[str, dict[str, str]]:
        return stack_resources(self.client("cloudformation"), stage.stack)

    def code(self, stage: Stage) -> dict[str, str]:
        """Return the hash of each function's code by logical id."""
        client, names = self.client("lambda"), self.resources(stage)["AWS::Lambda::Function"]
        return {
            logical_id: client.get_function_configuration(FunctionName=name)["CodeSha256"]
            for logical_id, name in names.items()
        }

    def states(self, stage: Stage, logical_id: str) -> list[str]:
        """Return the states that a resource of the stack had, the last one first."""
        pages = self.client("cloudformation").get_paginator("describe_stack_events").paginate(StackName=stage.stack)
        events = (event for page in pages for event in page["StackEvents"])
        return [event["ResourceStatus"] for event in events if event["LogicalResourceId"] == logical_id]


def broken(built: Path, folder: Path) -> Path:
    """Return a copy of a build whose functions fail at import, and which fails after they are deployed."""
    shutil.copytree(built.parent, folder)
    for path in folder.glob("*/shared/__init__.py"):
        path.write_text("raise RuntimeError('broken on purpose')\n")
    template = load_yaml(built)
    template["Resources"] |= {
        "NoSignalHandle": {"Type": "AWS::CloudFormation::WaitConditionHandle"},
        "NoSignal": {
            "Type": "AWS::CloudFormation::WaitCondition",
            "DependsOn": list(resources(template, "AWS::Serverless::Function")),
            "Properties": {"Handle": {"Ref": "NoSignalHandle"}, "Timeout": "1"},
        },
    }
    (folder / built.name).write_text(json.dumps(template))
    return folder / built.name


def require_rollback(account: Account, job: Account, stage: Stage, bad: Path) -> None:
    """Deploy a broken build. Raises DevError unless it fails after it replaced the code, and all is as before."""
    before = account.code(stage)
    try:
        job.deploy(stage, bad)
    except DevError:
        of_stack, of_function = account.states(stage, stage.stack), account.states(stage, next(iter(before)))
        if of_stack[0] != "UPDATE_ROLLBACK_COMPLETE" or of_function[:4] != REPLACED_AND_PUT_BACK:
            raise DevError(f"It was not rolled back: {of_stack}, {of_function}") from None
        if account.code(stage) != before:
            raise DevError("Functions do not have their previous code.") from None
        return
    raise DevError("The broken version was deployed.")


def require_equal_code(account: Account, stages: list[Stage]) -> None:
    """Raise DevError if functions of the stages have different code."""
    first, *others = (account.code(stage) for stage in stages)
    if any(other != first for other in others):
        raise DevError("The stages run different code.")


def step(name: str, work: Callable[[], object]) -> None:
    """Do a step, and print its line. Raises DevError."""
    started, mark = time.monotonic(), "✗"
    if sys.stdout.isatty():
        print(f"  … {name}", end="\r", flush=True)
    try:
        work()
        mark = "✓"
    finally:
        print(f"  {mark} {name:<52} {time.monotonic() - started:4.0f} s", flush=True)


def main() -> None:
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))  # ends the emulator, as Ctrl-C does
    with tempfile.TemporaryDirectory() as folder:
        account = Account(Emulator(Path(folder) / "account", default_port=0))
        try:
            account.emulator.start()
            pipeline(account, Path(folder))
        finally:
            account.emulator.stop(save=False)


def pipeline(account: Account, folder: Path) -> None:
    """Do all steps. Raises DevError at the first that fails."""
    stages = dev, staging, prod = [read_stage(name) for name in ("dev", "staging", "prod")]
    built = folder / "build" / "template.yaml"
    endpoint_url = account.emulator.endpoint_url
    step("policy checks", partial(account.run, ["make", "policy"]))
    step("prepare the account", account.prepare)
    step("build once", partial(sam.build, PROJECT, built.parent, endpoint_url, lambda _: None))
    for stage in (dev, staging):
        job = account.job(stage)
        step(f"deploy {stage.name}", partial(job.deploy, stage, built))
        step(f"smoke test of {stage.name}", partial(job.smoke_test, stage))
    step("show the change set of prod", partial(account.job(prod, plan=True).deploy, prod, built, plan=True))
    job = account.job(prod)
    step("deploy prod", partial(job.deploy, prod, built))
    step("prod serves", partial(account.require_service, prod))
    step("all stages run the same build", partial(require_equal_code, account, stages))
    bad = broken(built, folder / "broken")
    step("a broken version fails in prod, and is rolled back", partial(require_rollback, account, job, prod, bad))
    step("prod serves as before", partial(account.require_service, prod))


if __name__ == "__main__":
    with exits_with(1):
        main()
