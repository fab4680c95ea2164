"""Settings of each event source mapping of a DynamoDB stream in the template, with AWS's defaults."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from dev.errors import DevError
from dev.local_aws.event_sources.filter import Pattern, parse_pattern
from dev.local_aws.template import attribute_of, referent, resources

STREAM_RETENTION_SECONDS = 24 * 60 * 60
TYPE = "AWS::Lambda::EventSourceMapping"


@dataclass(frozen=True, slots=True)
class StreamMapping:
    """One mapping; `table`, `function` and `failure_bucket` are logical ids.

    `ParallelizationFactor` and tumbling windows are ignored.
    """

    logical_id: str
    table: str
    function: str
    failure_bucket: str | None
    """Destination of failed events; null if there is none."""
    patterns: tuple[Pattern, ...]
    batch_size: int
    window_seconds: float
    starting_position: Literal["TRIM_HORIZON", "LATEST"]
    reports_failures: bool
    bisects: bool
    max_retries: int | None
    """None: until the record is too old."""
    max_age_seconds: float


def stream_mappings(template: Mapping[str, Any]) -> dict[str, StreamMapping]:
    """Return the enabled mappings of a template by logical id. Raises DevError for an invalid mapping."""
    found = {}
    for logical_id, body in resources(template, TYPE).items():
        if reads_dynamodb(body) and body["Properties"].get("Enabled", True) not in (False, "false"):
            try:
                found[logical_id] = parse_mapping(logical_id, body["Properties"])
            except DevError as error:
                raise DevError(f"{logical_id}: {error}") from error
    return found


def reads_dynamodb(body: Mapping[str, Any]) -> bool:
    """Return whether a mapping's source is the stream of a table in the same template."""
    return attribute_of(body["Properties"].get("EventSourceArn")).endswith(".StreamArn")


def parse_mapping(logical_id: str, properties: Mapping[str, Any]) -> StreamMapping:
    """Return the mapping of a resource's properties. Raises DevError if they are invalid."""
    destination = properties.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
    filters = properties.get("FilterCriteria", {}).get("Filters", [])
    retries = _number(properties, "MaximumRetryAttempts", -1)
    age = _number(properties, "MaximumRecordAgeInSeconds", -1)
    return StreamMapping(
        logical_id=logical_id,
        table=referent(properties["EventSourceArn"]),
        function=referent(properties["FunctionName"]),
        failure_bucket=None if destination is None else referent(destination),
        patterns=tuple(parse_pattern(criterion["Pattern"]) for criterion in filters),
        batch_size=_number(properties, "BatchSize", 100),
        window_seconds=_number(properties, "MaximumBatchingWindowInSeconds", 0),
        starting_position=properties["StartingPosition"],
        reports_failures="ReportBatchItemFailures" in properties.get("FunctionResponseTypes", []),
        bisects=properties.get("BisectBatchOnFunctionError", False) in (True, "true"),
        max_retries=None if retries < 0 else retries,
        # Without a limit, a record is retried until it expires from the stream.
        max_age_seconds=STREAM_RETENTION_SECONDS if age < 0 else min(age, STREAM_RETENTION_SECONDS),
    )


def _number(properties: Mapping[str, Any], name: str, default: int) -> int:
    value = properties.get(name, default)
    if isinstance(value, dict):
        raise DevError(f"{name} of a stream mapping is read from the template: write a number, not {value}")
    return int(value)
