"""The calls that functions make and sign in this process, as the actions and resources that a role must grant."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any
from unittest import mock

from botocore.model import OperationModel

from dev.local_aws.invocation import Outcome
from dev.local_aws.template import Function
from dev.replay.targets import Invoke, Target

_S3_ACTIONS = {"HeadObject": "GetObject", "ListObjectsV2": "ListBucket", "ListObjectVersions": "ListBucketVersions"}


class Calls:
    """By function: its calls, such as `GetItem on ProductsTable` or `GetObject on MediaBucket/files/…`."""

    def __init__(self, target: Target) -> None:
        self.made: dict[str, set[str]] = defaultdict(set)
        self._buckets = {physical: name for name, physical in target.buckets.names.items()}

    def recorded(self, invoke: Invoke) -> Invoke:
        """Return a way to invoke functions that records their calls."""
        from shared import aws

        s3 = aws.s3_client()
        for client in (aws.dynamodb_client(), s3):
            client.meta.events.register("before-parameter-build", self._note)
        sign_post = s3.generate_presigned_post

        def note_and_sign_post(**params: Any) -> Any:
            self.made[self._function].update(self._of_s3("PutObject", params))
            return sign_post(**params)

        def invoke_and_record(function: Function, event: dict[str, Any]) -> Outcome:
            self._function = function.logical_id
            with mock.patch.object(s3, "generate_presigned_post", note_and_sign_post):
                return invoke(function, event)

        return invoke_and_record

    def _note(self, params: Mapping[str, Any], model: OperationModel, **_: object) -> None:
        if model.name == "CreateBucket":  # how the SDK finds the address for a presigned POST
            return
        of_service = _of_dynamodb if model.service_model.service_name == "dynamodb" else self._of_s3
        self.made[self._function].update(of_service(model.name, params))

    def _of_s3(self, operation: str, params: Mapping[str, Any]) -> Iterator[str]:
        action, bucket = _S3_ACTIONS.get(operation, operation), self._buckets[params["Bucket"]]
        version = "Version" if "VersionId" in params else ""
        yield f"{action}{version} on {bucket}" + (f"/{params['Key']}" if "Key" in params else "")


def _of_dynamodb(operation: str, params: Mapping[str, Any]) -> Iterator[str]:
    if operation == "TransactWriteItems":
        for write in params["TransactItems"]:
            for kind, each in write.items():
                yield from _of_dynamodb("ConditionCheckItem" if kind == "ConditionCheck" else f"{kind}Item", each)
        return
    if "RequestItems" in params:
        yield from (f"{operation} on {table}" for table in params["RequestItems"])
        return
    index = f"/index/{params['IndexName']}" if "IndexName" in params else ""
    yield f"{operation} on {params['TableName']}{index}"
