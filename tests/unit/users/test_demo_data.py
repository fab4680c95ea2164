"""Demo data of users: such as functions write."""

from mypy_boto3_dynamodb import DynamoDBClient

from dev.application import demo_data


def test_existing_items_are_not_changed(dynamodb: DynamoDBClient) -> None:
    changed = demo_data.attribute_values({**demo_data.ITEMS["UsersTable"][0], "name": "Somebody"})
    dynamodb.put_item(TableName="UsersTable", Item=changed)

    demo_data.add_missing(dynamodb, {"UsersTable": "UsersTable"})

    found = dynamodb.get_item(TableName="UsersTable", Key={"UserId": {"S": "demo-edsger"}})
    assert found["Item"]["name"] == {"S": "Somebody"}
