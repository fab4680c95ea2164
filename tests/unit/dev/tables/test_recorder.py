"""What the recorder of access patterns sends, and what it refuses."""

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from dev.tables.place import Place
from dev.tables.recorder import NotSentError, Recorder


def test_operation_that_no_pattern_uses_is_refused(place: Place) -> None:
    recorder, client = Recorder(place.client("dynamodb"), lambda *_: None), place.client("dynamodb")

    with recorder.recording(client), pytest.raises(NotImplementedError, match="TransactGetItems"):
        client.transact_get_items(
            TransactItems=[{"Get": {"TableName": "OrdersTable", "Key": {"customer_id": {"S": "C"}}}}]
        )


def test_recorder_that_only_reads_sends_no_write(place: Place, dynamodb: DynamoDBClient) -> None:
    recorder, client = Recorder(place.client("dynamodb"), lambda *_: None, read_only=True), place.client("dynamodb")

    with recorder.recording(client), pytest.raises(NotSentError):
        client.put_item(TableName="PeopleTable", Item={"PersonId": {"S": "u"}})

    assert dynamodb.scan(TableName="PeopleTable")["Count"] == 0
