"""What writes change is put back, as much of it as can be."""

from typing import Any

import pytest
from botocore.exceptions import ClientError
from mypy_boto3_dynamodb import DynamoDBClient

from dev.errors import DevError
from dev.tables.journal import Journal


def test_item_that_cannot_be_restored_is_reported_and_others_are_restored(
    dynamodb: DynamoDBClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(dynamodb, {"PeopleTable": ("PersonId",)})
    for user in ("u1", "u2", "u3"):
        item = {"PersonId": {"S": user}}
        dynamodb.put_item(TableName="PeopleTable", Item=item)
        journal.note("DeleteItem", {"TableName": "PeopleTable", "Key": item})
        dynamodb.delete_item(TableName="PeopleTable", Key=item)
    put_item = dynamodb.put_item

    def reject_two(**request: Any) -> Any:
        if request["Item"]["PersonId"]["S"] != "u3":
            raise ClientError({"Error": {"Code": "ThrottlingException", "Message": "slow"}}, "PutItem")
        return put_item(**request)

    monkeypatch.setattr(dynamodb, "put_item", reject_two)

    with pytest.raises(DevError) as failed:
        journal.put_back()

    assert [line.partition("}")[0] for line in str(failed.value).splitlines()] == [
        "These items could not be restored:",
        '  PeopleTable {"PersonId": "u1"',
        '  PeopleTable {"PersonId": "u2"',
    ]
    assert [item["PersonId"]["S"] for item in dynamodb.scan(TableName="PeopleTable")["Items"]] == ["u3"]
