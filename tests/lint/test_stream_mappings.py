"""Stream mappings of template.yaml lose nothing and block nothing; the emulator would not notice."""

import json
from collections.abc import Iterator
from typing import Any

from dev.local_aws.event_sources.filter import verdict
from dev.local_aws.event_sources.mapping import parse_mapping
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


def test_archiver_takes_insert_and_remove_only() -> None:
    (only,) = properties("OnUserChangeMapping")["FilterCriteria"]["Filters"]

    assert json.loads(only["Pattern"]) == {"eventName": ["INSERT", "REMOVE"]}


def test_archiver_has_time_for_a_batch_whose_every_object_takes_three_attempts() -> None:
    """Each attempt has a second to connect and three to answer; between them the SDK waits up to two."""
    seconds_for_one = 3 * (1 + 3) + 2

    batch, timeout = properties("OnUserChangeMapping")["BatchSize"], properties("OnUserChangeFunction")["Timeout"]
    assert batch * seconds_for_one <= timeout


def change_of_messages(event: str, pk: str, sk: str) -> dict[str, Any]:
    return {"eventName": event, "dynamodb": {"Keys": {"pk": {"S": pk}, "sk": {"S": sk}}}}


MESSAGE = "2026-03-01T09:00:00.000Z#0123456789abcdef0123456789abcdef"


EXPIRED = {"userIdentity": {"type": "Service", "principalId": "dynamodb.amazonaws.com"}}
DELIVERED = {
    "message": change_of_messages("INSERT", "MSG#1", MESSAGE),
    "message of another age": change_of_messages("INSERT", "MSG#1", MESSAGE.replace("2026", "2999")),
}
DROPPED = {
    "its own new row": change_of_messages("INSERT", "GRP#alice-sub", MESSAGE),
    "message group": change_of_messages("INSERT", "MSG#1", "GROUP"),
    "key of a message": change_of_messages("INSERT", "MSG#1", "ONCE#0123"),
    "key of a message group": change_of_messages("INSERT", "GRP#alice-sub", "ONCE#0123"),
    "its own move": change_of_messages("MODIFY", "MSG#1", "GROUP"),
    "key used again": change_of_messages("MODIFY", "MSG#1", "ONCE#0123"),
    "message written over": change_of_messages("MODIFY", "MSG#1", MESSAGE),
    "its own old row": change_of_messages("REMOVE", "GRP#alice-sub", MESSAGE),
    "message deleted": change_of_messages("REMOVE", "MSG#1", MESSAGE),
    "key that expired": change_of_messages("REMOVE", "MSG#1", "ONCE#0123") | EXPIRED,
}


def test_message_consumer_takes_new_messages_only() -> None:
    """All that it writes itself would come back to it otherwise."""
    mapping = parse_mapping("OnMessageMapping", properties("OnMessageMapping"))
    delivered = [name for name, each in (DELIVERED | DROPPED).items() if verdict(mapping.patterns, each).delivered]

    assert delivered == list(DELIVERED)


def test_message_consumer_needs_no_old_image() -> None:
    assert properties("MessagesTable")["StreamSpecification"] == {"StreamViewType": "NEW_IMAGE"}
