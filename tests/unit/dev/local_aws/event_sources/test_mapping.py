"""What the template says about a stream mapping."""

from typing import Any

import pytest

from dev.application.project import load_template
from dev.errors import DevError
from dev.local_aws.event_sources.mapping import StreamMapping, stream_mappings
from tests.template_facts import MAPPINGS
from tests.unit.dev.local_aws.event_sources.stream_records import mapping


def template(**properties: Any) -> dict[str, Any]:
    source = {"EventSourceArn": {"Fn::GetAtt": "OrdersTable.StreamArn"}, "FunctionName": {"Ref": "F"}}
    body = {"Type": "AWS::Lambda::EventSourceMapping", "Properties": source | {"StartingPosition": "LATEST"}}
    body["Properties"] |= properties  # type: ignore[operator]
    return {"Resources": {"M": body}}


def test_defaults_are_those_of_aws() -> None:
    assert stream_mappings(template())["M"] == StreamMapping(
        logical_id="M",
        table="OrdersTable",
        function="F",
        failure_bucket=None,
        patterns=(),
        batch_size=100,
        window_seconds=0,
        starting_position="LATEST",
        reports_failures=False,
        bisects=False,
        max_retries=None,
        max_age_seconds=86400,
    )


def test_every_setting_is_read() -> None:
    read = mapping(
        BatchSize=7,
        MaximumBatchingWindowInSeconds=3,
        FunctionResponseTypes=["ReportBatchItemFailures"],
        BisectBatchOnFunctionError=True,
        MaximumRetryAttempts=0,
        MaximumRecordAgeInSeconds=60,
    )

    assert (read.table, read.function) == ("OrdersTable", "OnOrderChangeFunction")
    assert read.failure_bucket == "FailureBucket"
    assert (read.batch_size, read.window_seconds, read.max_retries, read.max_age_seconds) == (7, 3, 0, 60)
    assert (read.reports_failures, read.bisects) == (True, True)


def test_age_ends_with_the_stream_s_retention() -> None:
    assert mapping(MaximumRecordAgeInSeconds=604800).max_age_seconds == 86400


@pytest.mark.parametrize("enabled", [False, "false"])
def test_disabled_mapping_is_left_out(enabled: Any) -> None:
    assert stream_mappings(template(Enabled=enabled)) == {}


def test_mapping_of_another_source_is_left_out() -> None:
    assert stream_mappings(template(EventSourceArn={"Fn::GetAtt": "Queue.Arn"})) == {}


def test_alias_of_a_function_is_the_function() -> None:
    assert mapping(FunctionName={"Ref": "OnOrderChangeFunction.Alias"}).function == "OnOrderChangeFunction"


@pytest.mark.parametrize(
    ("properties", "complaint"),
    [
        ({"BatchSize": {"Ref": "Size"}}, "BatchSize of a stream mapping is read from the template: write a number"),
        ({"FunctionName": "orders"}, "M: A resource is named with !Ref or !GetAtt here, not orders"),
        ({"FilterCriteria": {"Filters": [{"Pattern": "{}"}]}}, "M: the filter pattern has to be an object"),
    ],
)
def test_unreadable_mapping_is_rejected(properties: dict[str, Any], complaint: str) -> None:
    with pytest.raises(DevError) as raised:
        stream_mappings(template(**properties))

    assert complaint in str(raised.value)


def test_mappings_of_the_template_are_readable() -> None:
    assert stream_mappings(load_template()).keys() == MAPPINGS.keys()
