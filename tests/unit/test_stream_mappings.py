"""Stream mappings of template.yaml lose nothing and block nothing; the emulator would not notice."""

import json
from typing import Any

import pytest

from dev.local_aws.event_sources.filter import verdict
from dev.local_aws.event_sources.mapping import parse_mapping
from dev.local_aws.template import resources
from tests.unit.template_facts import (
    MAPPINGS,
    QUEUES,
    TEMPLATE,
    as_attribute,
    properties,
    statements,
)


@pytest.mark.parametrize("logical_id", list(MAPPINGS))
def test_stream_mapping_is_bounded_and_loses_nothing(logical_id: str) -> None:
    mapping = properties(logical_id)

    assert mapping["StartingPosition"] == "TRIM_HORIZON"
    assert mapping["FilterCriteria"]["Filters"]
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["BisectBatchOnFunctionError"] is True
    assert 0 < mapping["MaximumRetryAttempts"] <= 10
    assert 60 <= mapping["MaximumRecordAgeInSeconds"] <= 86400
    queue = as_attribute(mapping["DestinationConfig"]["OnFailure"]["Destination"]).removesuffix(".Arn")
    assert queue in QUEUES
    assert any(
        statement["Action"] == "sqs:SendMessage" and as_attribute(statement["Resource"]) == f"{queue}.Arn"
        for statement in statements(mapping["FunctionName"]["Ref"])
    ), "the consumer's role sends to its failure queue"


@pytest.mark.parametrize("logical_id", list(MAPPINGS))
def test_stream_consumer_is_named_for_its_mapping(logical_id: str) -> None:
    assert properties(logical_id)["FunctionName"] == {"Ref": logical_id.removesuffix("Mapping") + "Function"}


@pytest.mark.parametrize("logical_id", list(QUEUES))
def test_failure_queue_is_encrypted_and_keeps_two_weeks(logical_id: str) -> None:
    assert properties(logical_id) == {"SqsManagedSseEnabled": True, "MessageRetentionPeriod": 14 * 24 * 3600}


@pytest.mark.parametrize("logical_id", list(QUEUES))
def test_failure_queue_has_an_alarm(logical_id: str) -> None:
    alarm = properties(logical_id.removesuffix("Queue") + "Alarm")

    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/SQS", "ApproximateNumberOfMessagesVisible")
    assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (0, "GreaterThanThreshold")
    assert f"{logical_id}.QueueName" in as_attribute(alarm["Dimensions"][0]["Value"])


@pytest.mark.parametrize("logical_id", list(MAPPINGS))
def test_stream_consumer_has_an_alarm_on_its_delay(logical_id: str) -> None:
    consumer = logical_id.removesuffix("Mapping")
    alarm = properties(f"{consumer}DelayAlarm")

    assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/Lambda", "IteratorAge")
    assert alarm["Dimensions"] == [{"Name": "FunctionName", "Value": {"Ref": f"{consumer}Function"}}]


@pytest.mark.parametrize("logical_id", list(resources(TEMPLATE, "AWS::CloudWatch::Alarm")))
def test_alarm_tells_the_topic_if_there_is_one(logical_id: str) -> None:
    told = [{"Ref": "AlarmTopicArn"}]

    assert properties(logical_id)["AlarmActions"] == {"Fn::If": ["HasAlarmTopic", told, {"Ref": "AWS::NoValue"}]}


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


@pytest.mark.parametrize(
    ("record", "delivered"),
    [
        (change_of_messages("INSERT", "MSG#1", MESSAGE), True),
        (change_of_messages("INSERT", "MSG#1", MESSAGE.replace("2026", "2999")), True),
        (change_of_messages("INSERT", "GRP#alice-sub", MESSAGE), False),
        (change_of_messages("INSERT", "MSG#1", "GROUP"), False),
        (change_of_messages("INSERT", "MSG#1", "ONCE#0123"), False),
        (change_of_messages("INSERT", "GRP#alice-sub", "ONCE#0123"), False),
        (change_of_messages("MODIFY", "MSG#1", "GROUP"), False),
        (change_of_messages("MODIFY", "MSG#1", "ONCE#0123"), False),
        (change_of_messages("MODIFY", "MSG#1", MESSAGE), False),
        (change_of_messages("REMOVE", "GRP#alice-sub", MESSAGE), False),
        (change_of_messages("REMOVE", "MSG#1", MESSAGE), False),
        (
            change_of_messages("REMOVE", "MSG#1", "ONCE#0123")
            | {"userIdentity": {"type": "Service", "principalId": "dynamodb.amazonaws.com"}},
            False,
        ),
    ],
    ids=[
        *("message", "message of another age", "its own new row", "conversation", "key of a message"),
        *("key of a conversation", "its own move", "key used again", "message written over", "its own old row"),
        *("message deleted", "key that expired"),
    ],
)
def test_message_consumer_takes_new_messages_only(record: dict[str, Any], delivered: bool) -> None:
    """All that it writes itself would come back to it otherwise."""
    mapping = parse_mapping("OnMessageMapping", properties("OnMessageMapping"))

    assert verdict(mapping.patterns, record).delivered is delivered


def test_message_consumer_needs_no_old_image() -> None:
    assert properties("MessagesTable")["StreamSpecification"] == {"StreamViewType": "NEW_IMAGE"}
