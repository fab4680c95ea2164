"""The table and buckets of media in memory, as the template says."""

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from dev.application import in_process


def test_table_has_its_indexes(dynamodb: DynamoDBClient) -> None:
    (index,) = dynamodb.describe_table(TableName="MediaTable")["Table"]["GlobalSecondaryIndexes"]

    assert index["IndexName"] == "owner-created_at-index"


@pytest.mark.parametrize(("bucket", "status"), [("mediabucket", "Enabled"), ("medialogbucket", None)])
def test_bucket_has_the_template_s_versioning(dynamodb: DynamoDBClient, bucket: str, status: str | None) -> None:
    assert in_process.client("s3").get_bucket_versioning(Bucket=bucket).get("Status") == status
