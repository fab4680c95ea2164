"""The mappings of one deployed stack with physical names, which is the configuration of the poller."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from dev.errors import DevError
from dev.local_aws.event_sources.mapping import TYPE, StreamMapping, parse_mapping, stream_mappings
from dev.local_aws.template import resources

type Physical = Mapping[str, Mapping[str, str]]
"""Physical names by type and logical id."""


@dataclass(frozen=True, slots=True)
class DeployedMapping:
    """One mapping of the template, with the stream, function and bucket that it connects."""

    logical_id: str
    uuid: str
    properties: dict[str, Any]
    """As the template has them."""
    stream_arn: str
    function_arn: str
    failure_bucket: str | None

    @property
    def mapping(self) -> StreamMapping:
        return parse_mapping(self.logical_id, self.properties)


@dataclass(frozen=True, slots=True)
class Plan:
    """The mappings to poll and the endpoint. Equal plans have equal text."""

    endpoint_url: str
    mappings: tuple[DeployedMapping, ...]

    def to_text(self) -> str:
        return json.dumps(asdict(self), indent=1)

    @classmethod
    def from_text(cls, text: str) -> "Plan":
        fields = json.loads(text)
        return cls(fields["endpoint_url"], tuple(DeployedMapping(**planned) for planned in fields["mappings"]))


def deployed_mappings(
    template: Mapping[str, Any], client: Callable[[str], Any], physical: Physical
) -> tuple[DeployedMapping, ...]:
    """Return the mappings of a deployed template with physical names. Raises DevError for another destination."""
    return tuple(
        DeployedMapping(
            logical_id=logical_id,
            uuid=physical[TYPE][logical_id],
            properties=resources(template, TYPE)[logical_id]["Properties"],
            stream_arn=_stream_arn(client("dynamodb"), physical["AWS::DynamoDB::Table"][mapping.table]),
            function_arn=_function_arn(client("lambda"), physical["AWS::Lambda::Function"][mapping.function]),
            failure_bucket=_failure_bucket(mapping, physical),
        )
        for logical_id, mapping in stream_mappings(template).items()
    )


def _failure_bucket(mapping: StreamMapping, physical: Physical) -> str | None:
    if mapping.failure_bucket is None:
        return None
    try:
        return physical["AWS::S3::Bucket"][mapping.failure_bucket]
    except KeyError:
        raise DevError(f"{mapping.logical_id}: {mapping.failure_bucket} is not an S3 bucket. Name one") from None


def _stream_arn(dynamodb: Any, table: str) -> str:
    return str(dynamodb.describe_table(TableName=table)["Table"]["LatestStreamArn"])


def _function_arn(lambda_: Any, name: str) -> str:
    return str(lambda_.get_function_configuration(FunctionName=name)["FunctionArn"])
