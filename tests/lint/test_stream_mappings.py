"""Stream mappings of template.yaml lose nothing and block nothing; the emulator would not notice."""

from collections.abc import Iterator
from typing import Any

from dev.local_aws.template import resources
from tests.lint.rules import check, differing
from tests.template_facts import (
    MAPPINGS,
    QUEUES,
    TEMPLATE,
    as_attribute,
    properties,
    statements,
)


def test_stream_mappings_lose_nothing() -> None:
    expected = {
        "StartingPosition": "TRIM_HORIZON",
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "BisectBatchOnFunctionError": True,
    }

    check(
        (line for name in MAPPINGS for line in differing(properties(name), expected, name)),
        "Read the stream from its beginning, and give up single records only",
    )


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


def test_stream_consumers_send_what_they_give_up_to_their_queue() -> None:
    offenders = [
        f"{name} to {destination(name)}"
        for name in MAPPINGS
        if destination(name).removesuffix(".Arn") not in QUEUES or not may_send(name, destination(name))
    ]

    check(offenders, "Name a failure queue, and let the consumer's role send to it")


def destination(mapping: str) -> str:
    on_failure = properties(mapping).get("DestinationConfig", {}).get("OnFailure", {})
    return as_attribute(on_failure["Destination"]) if "Destination" in on_failure else "none"


def may_send(mapping: str, queue: str) -> bool:
    return any(
        statement["Action"] == "sqs:SendMessage" and as_attribute(statement["Resource"]) == queue
        for statement in statements(properties(mapping)["FunctionName"]["Ref"])
    )


def test_stream_consumers_are_named_for_their_mapping() -> None:
    check(
        (
            line
            for name in MAPPINGS
            for line in differing(
                properties(name), {"FunctionName": {"Ref": name.removesuffix("Mapping") + "Function"}}, name
            )
        ),
        "Name the mapping for its function",
    )


def test_failure_queues_are_encrypted_and_keep_two_weeks() -> None:
    expected = {"SqsManagedSseEnabled": True, "MessageRetentionPeriod": 14 * 24 * 3600}

    assert {name: properties(name) for name in QUEUES} == dict.fromkeys(QUEUES, expected)


def test_failure_queues_have_an_alarm() -> None:
    expected = {
        "Namespace": "AWS/SQS",
        "MetricName": "ApproximateNumberOfMessagesVisible",
        "Threshold": 0,
        "ComparisonOperator": "GreaterThanThreshold",
    }

    check(
        (
            line
            for name in QUEUES
            for dimension in [{"Name": "QueueName", "Value": {"Fn::GetAtt": [name, "QueueName"]}}]
            for line in alarm(name.removesuffix("Queue") + "Alarm", expected | {"Dimensions": [dimension]})
        ),
        "Alarm as soon as the queue holds a message",
    )


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
