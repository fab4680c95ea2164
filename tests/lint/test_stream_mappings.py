"""Stream mappings of template.yaml lose nothing and block nothing; the emulator would not notice."""

from collections.abc import Iterator
from typing import Any

from dev.local_aws.template import attribute_of, resources
from tests.lint.rules import check, differing
from tests.template_facts import (
    MAPPINGS,
    TEMPLATE,
    properties,
    statements,
)

ASYNCHRONOUS = resources(TEMPLATE, "AWS::Lambda::EventInvokeConfig")
CONSUMERS = [*MAPPINGS, *ASYNCHRONOUS]
AT_ONCE = {
    "Namespace": "AWS/Lambda",
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 0,
    "ComparisonOperator": "GreaterThanThreshold",
    "TreatMissingData": "notBreaching",
}


def test_stream_mappings_have_these_settings() -> None:
    """They read the stream from its beginning, and give up single records only. The FailureAlarm needs the metric."""
    check(
        (line for name in MAPPINGS for line in differing(properties(name), expected(name), name)),
        "Set these, and name the mapping for its function",
    )


def expected(mapping: str) -> dict[str, Any]:
    return {
        "FunctionName": {"Ref": mapping.removesuffix("Mapping") + "Function"},
        "StartingPosition": "TRIM_HORIZON",
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "BisectBatchOnFunctionError": True,
        "MetricsConfig": {"Metrics": ["EventCount"]},
    }


def test_stream_mappings_are_bounded() -> None:
    """A record that always fails must not hold up the others for a day."""
    offenders = [
        name
        for name in MAPPINGS
        if not properties(name).get("FilterCriteria", {}).get("Filters")
        or not 0 < properties(name).get("MaximumRetryAttempts", -1) <= 10
        or not 60 <= properties(name).get("MaximumRecordAgeInSeconds", -1) <= 86400
    ]

    check(offenders, "Give the mapping a filter, at most 10 retries, and an age of a minute to a day")


def test_failed_events_are_stored() -> None:
    offenders = [f"{name} to {destination(name)}" for name in CONSUMERS if destination(name) != "FailureBucket.Arn"]

    check(offenders, "Name FailureBucket as the destination")


def test_consumers_can_store_failed_events() -> None:
    """In this account only."""
    functions = [properties(name)["FunctionName"]["Ref"] for name in CONSUMERS]

    check(
        (name for name in functions if not is_storable(name)),
        "Add - *stores-failures to the policies of these functions",
    )


def test_failed_events_are_kept_for_weeks() -> None:
    (rule,) = properties("FailureBucket")["LifecycleConfiguration"]["Rules"]

    assert rule["ExpirationInDays"] == 30


def destination(consumer: str) -> str:
    on_failure = properties(consumer).get("DestinationConfig", {}).get("OnFailure", {})
    return attribute_of(on_failure["Destination"]) if "Destination" in on_failure else "none"


def is_storable(function: str) -> bool:
    """Return whether the grants, which tests/grants lists, are for this account only."""
    own_account = {"StringEquals": {"s3:ResourceAccount": {"Ref": "AWS::AccountId"}}}
    granted = [each for each in statements(function) if "FailureBucket" in str(each["Resource"])]
    return bool(granted) and all(each.get("Condition") == own_account for each in granted)


def test_failed_events_have_an_alarm() -> None:
    """Lambda counts asynchronous events that it stores among the dropped ones."""
    metrics = {name: stored_by_mapping(name) for name in MAPPINGS} | {name: dropped(name) for name in ASYNCHRONOUS}

    check(
        (line for name, metric in metrics.items() for line in alarm(f"{base(name)}FailureAlarm", AT_ONCE | metric)),
        "Alarm as soon as an event fails",
    )


def stored_by_mapping(mapping: str) -> dict[str, Any]:
    dimension = {"Name": "EventSourceMappingUUID", "Value": {"Ref": mapping}}
    return {"MetricName": "OnFailureDestinationDeliveredEventCount", "Dimensions": [dimension]}


def dropped(config: str) -> dict[str, Any]:
    return {"MetricName": "AsyncEventsDropped", "Dimensions": [of_function(config)]}


def test_lost_events_have_an_alarm() -> None:
    check(
        (
            line
            for name in CONSUMERS
            for metric in [{"MetricName": "DestinationDeliveryFailures", "Dimensions": [of_function(name)]}]
            for line in alarm(f"{base(name)}LossAlarm", AT_ONCE | metric)
        ),
        "Alarm as soon as an event could not be stored",
    )


def of_function(consumer: str) -> dict[str, Any]:
    return {"Name": "FunctionName", "Value": {"Ref": f"{base(consumer)}Function"}}


def base(consumer: str) -> str:
    return consumer.removesuffix("Mapping").removesuffix("InvokeConfig")


def test_stream_consumers_have_an_alarm_on_their_delay() -> None:
    expected = {"Namespace": "AWS/Lambda", "MetricName": "IteratorAge"}
    consumers = [name.removesuffix("Mapping") for name in MAPPINGS]

    check(
        (
            line
            for consumer in consumers
            for dimension in [{"Name": "FunctionName", "Value": {"Ref": f"{consumer}Function"}}]
            for line in alarm(f"{consumer}DelayAlarm", expected | {"Dimensions": [dimension]})
        ),
        "Alarm on the age of the consumer's records",
    )


def alarm(logical_id: str, expected: dict[str, Any]) -> Iterator[str]:
    """Yield what is missing of an alarm."""
    return differing(TEMPLATE["Resources"].get(logical_id, {}).get("Properties", {}), expected, logical_id)


def test_alarms_tell_the_topic_if_there_is_one() -> None:
    told = {"AlarmActions": {"Fn::If": ["HasAlarmTopic", [{"Ref": "AlarmTopicArn"}], {"Ref": "AWS::NoValue"}]}}

    check(
        (line for name in resources(TEMPLATE, "AWS::CloudWatch::Alarm") for line in alarm(name, told)),
        "Send each alarm to the topic",
    )
