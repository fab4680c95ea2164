"""The CloudFormation stack of a project in one emulator."""

import contextlib
import filecmp
import hashlib
import io
import shutil
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dev.errors import DevError
from dev.local_aws import sam, transform
from dev.local_aws.project import Project, files
from dev.local_aws.template import functions_from, load_yaml

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

ARTIFACT_BUCKET = "dev-artifacts"
_WHOLE = {"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"}

type Report = Callable[[str], None]


def stack_resources(cloudformation: "CloudFormationClient", name: str) -> dict[str, dict[str, str]]:
    """Return the physical names of a stack's resources by type and logical id."""
    names: dict[str, dict[str, str]] = {}
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=name)
    for resource in (summary for page in pages for summary in page["StackResourceSummaries"]):
        by_id = names.setdefault(resource["ResourceType"], {})
        by_id[resource["LogicalResourceId"]] = resource["PhysicalResourceId"]
    return names


@dataclass(frozen=True)
class Deployment:
    """A CloudFormation stack at `endpoint_url`, whose state files are in `home`."""

    project: Project
    name: str
    home: Path
    endpoint_url: str
    client: Callable[[str], Any]
    parameters: Mapping[str, str]

    def update(self, built: Path, report: Report) -> None:
        """Deploy a built template with the changes for the emulator, unless it is deployed. Raises DevError."""
        recorded = self._recorded_identity()
        if recorded == self._identity(built):
            report("nothing changed since the last deployment")
            return
        code_was_replaced = recorded and not recorded.endswith(self._code_digest())
        self._deploy_changes(built, report)
        if code_was_replaced:
            self.update_code()  # CloudFormation keeps it if the template is that of the last deployment
        identity = self._identity(built)
        self.client("ssm").put_parameter(Name=self._identity_parameter, Value=identity, Type="String", Overwrite=True)

    def update_code(self) -> None:
        """Give the deployed functions the current code, without a deployment. The next `update` deploys."""
        client, physical = self.client("lambda"), self.resources()["AWS::Lambda::Function"]
        code = _zip(self.project.functions)
        for function in functions_from(self.project.template, self.project.functions):
            client.update_function_code(FunctionName=physical[function], ZipFile=code)

    def _code_digest(self) -> str:
        """Return a hash of the code of all functions in the emulator."""
        pages = self.client("lambda").get_paginator("list_functions").paginate()
        code = [f"{each['FunctionName']} {each['CodeSha256']}" for page in pages for each in page["Functions"]]
        return hashlib.sha256("\n".join(sorted(code)).encode()).hexdigest()

    def _identity(self, built: Path) -> str:
        """Return what identifies a deployment of this template, and the code that its functions have.

        Another update, also a failed one, has another time. Code that was replaced since has another digest.
        """
        stack = self._describe() or {}
        when = stack.get("LastUpdatedTime", stack.get("CreationTime"))
        identity = f"{stack.get('StackId')} {when} {self.parameters}"
        return f"{sam.built_from(built.parent)} {self.endpoint_url} {identity} {self._code_digest()}"

    def _recorded_identity(self) -> str:
        """Return what the last complete deployment recorded, in the emulator: one that is killed forgets both."""
        ssm = self.client("ssm")
        try:
            value: str = ssm.get_parameter(Name=self._identity_parameter)["Parameter"]["Value"]
        except ssm.exceptions.ParameterNotFound:
            return ""
        return value

    @property
    def _identity_parameter(self) -> str:
        return f"/dev/{self.name}/deployment"

    def _deploy_changes(self, built: Path, report: Report) -> None:
        self._delete_unless_whole()
        self._make_artifact_bucket()
        report("sam deploy …")
        template = self._transform(built)
        if self._api_changed(built):
            self._deploy(self._transform(built, transform.MOVED_API_ID))
            report("sam deploy again, so that the API keeps its address …")
            template = self._transform(built)
        self._deploy(template)
        shutil.copy(built.with_name(transform.LOCAL_OPENAPI), self._deployed_openapi)
        transform.apply_gateway_responses(self.client("apigateway"), load_yaml(self.project.openapi))

    def _transform(self, built: Path, api_id: str = transform.API_ID) -> Path:
        return transform.write_local_template(built, self.project.openapi, self.endpoint_url, api_id)

    def outputs(self) -> dict[str, str]:
        """Return the stack's outputs. Raises DevError if it is not deployed."""
        return {output["OutputKey"]: output["OutputValue"] for output in self._deployed().get("Outputs", [])}

    def resources(self) -> dict[str, dict[str, str]]:
        """Return physical names by type and logical id. Raises DevError if it is not deployed."""
        self._deployed()
        return stack_resources(self.client("cloudformation"), self.name)

    def _deployed(self) -> dict[str, Any]:
        stack = self._describe()
        if stack is None or not stack["StackStatus"].startswith(("CREATE_COMPLETE", "UPDATE_")):
            raise DevError("The application is not deployed. Deploy it with: dev up")
        return stack

    @property
    def _deployed_openapi(self) -> Path:
        return self.home / "openapi.json"

    def _deploy(self, template: Path) -> None:
        began = datetime.now(UTC)
        try:
            sam.deploy(template, self.project.root, self.name, ARTIFACT_BUCKET, self.endpoint_url, **self.parameters)
        except DevError:
            from botocore.exceptions import BotoCoreError

            with contextlib.suppress(BotoCoreError):  # the emulator may have ended
                if failed := self._failed(began):
                    raise DevError("\n".join(["`sam deploy` failed:", *failed])) from None
            raise

    def _failed(self, began: datetime) -> list[str]:
        """Return the resources that failed since a time, each with its reason."""
        if self._describe() is None:
            return []
        pages = self.client("cloudformation").get_paginator("describe_stack_events").paginate(StackName=self.name)
        return [
            f"{event['LogicalResourceId']} ({event['ResourceType']}): {event.get('ResourceStatusReason')}"
            for page in pages
            for event in page["StackEvents"]
            if event["ResourceStatus"].endswith("_FAILED") and event["Timestamp"] >= began
        ]

    def _api_changed(self, built: Path) -> bool:
        """Return whether the OpenAPI document differs from the deployed one."""
        wanted, deployed = built.with_name(transform.LOCAL_OPENAPI), self._deployed_openapi
        return self._describe() is not None and not (deployed.exists() and filecmp.cmp(wanted, deployed, shallow=False))

    def _describe(self) -> dict[str, Any] | None:
        cloudformation = self.client("cloudformation")
        try:
            stack: dict[str, Any] = cloudformation.describe_stacks(StackName=self.name)["Stacks"][0]
        except cloudformation.exceptions.ClientError:
            return None
        return stack

    def _make_artifact_bucket(self) -> None:
        s3 = self.client("s3")
        with contextlib.suppress(s3.exceptions.BucketAlreadyOwnedByYou):
            s3.create_bucket(Bucket=ARTIFACT_BUCKET)

    def _delete_unless_whole(self) -> None:
        """Delete a stack whose deployment failed or was interrupted, because it cannot be updated."""
        stack = self._describe()
        if stack is not None and stack["StackStatus"] not in _WHOLE:
            cloudformation = self.client("cloudformation")
            cloudformation.delete_stack(StackName=self.name)
            cloudformation.get_waiter("stack_delete_complete").wait(StackName=self.name, WaiterConfig={"Delay": 1})


def _zip(folder: Path) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files(folder):
            with contextlib.suppress(FileNotFoundError):  # deleted since it was listed
                archive.write(path, path.relative_to(folder))
    return content.getvalue()
