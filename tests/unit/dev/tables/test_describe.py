"""What a table is, for `dev tables describe` and `list`."""

from mypy_boto3_dynamodb import DynamoDBClient

from dev.tables import describe


def test_table_is_described(dynamodb: DynamoDBClient) -> None:
    dynamodb.update_time_to_live(
        TableName="FilesTable", TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"}
    )
    dynamodb.update_continuous_backups(
        TableName="FilesTable", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    dynamodb.update_table(TableName="FilesTable", DeletionProtectionEnabled=True)

    assert describe.describe(dynamodb, "FilesTable", "FilesTable") == {
        "table": "FilesTable",
        "name": "FilesTable",
        "status": "ACTIVE",
        "keys": [{"name": "id", "type": "S", "key": "HASH"}],
        "indexes": [
            {
                "name": "owner-created_at-index",
                "keys": [
                    {"name": "owner", "type": "S", "key": "HASH"},
                    {"name": "created_at", "type": "S", "key": "RANGE"},
                ],
                "projection": "ALL",
            }
        ],
        "billing": "PAY_PER_REQUEST",
        "stream": None,
        "ttl": "ttl",
        "point_in_time_recovery": True,
        "encryption": None,
        "deletion_protection": True,
        "items": 0,
        "bytes": 0,
    }


def test_disabled_setting_is_null_or_false(dynamodb: DynamoDBClient) -> None:
    described = describe.describe(dynamodb, "OrdersTable", "OrdersTable")

    off = {"ttl": None, "point_in_time_recovery": False, "encryption": None, "deletion_protection": False}
    assert off.items() <= described.items()
    assert (described["stream"], described["indexes"]) == ("NEW_AND_OLD_IMAGES", [])
    assert [key["name"] for key in described["keys"]] == ["customer_id", "order_id"]


def test_encryption_is_named(dynamodb: DynamoDBClient) -> None:
    dynamodb.create_table(
        TableName="Encrypted",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        SSESpecification={"Enabled": True, "SSEType": "KMS"},
    )

    assert describe.describe(dynamodb, "Encrypted", "Encrypted")["encryption"] == "KMS"


def test_protection_is_seen(dynamodb: DynamoDBClient) -> None:
    dynamodb.update_table(TableName="PeopleTable", DeletionProtectionEnabled=True)

    assert describe.is_protected(dynamodb, "PeopleTable")
    assert not describe.is_protected(dynamodb, "OrdersTable")
