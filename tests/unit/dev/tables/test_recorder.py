"""What the recorder of access patterns sends, and what it rejects."""

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from dev.application.deployed_stack import DeployedStack
from dev.tables.recorder import NotSentError, Recorder


def test_operation_that_no_pattern_uses_is_rejected(deployed: DeployedStack) -> None:
    recorder, client = Recorder(deployed.client("dynamodb"), lambda *_: None), deployed.client("dynamodb")

    with recorder.recording(client), pytest.raises(NotImplementedError, match="TransactGetItems"):
        client.transact_get_items(
            TransactItems=[{"Get": {"TableName": "OrdersTable", "Key": {"customer_id": {"S": "C"}}}}]
        )


def test_recorder_that_only_reads_sends_no_write(deployed: DeployedStack, dynamodb: DynamoDBClient) -> None:
    client = deployed.client("dynamodb")
    recorder = Recorder(client, lambda *_: None, read_only=True)

    with recorder.recording(client), pytest.raises(NotSentError):
        client.put_item(TableName="PeopleTable", Item={"PersonId": {"S": "u"}})

    assert dynamodb.scan(TableName="PeopleTable")["Count"] == 0
