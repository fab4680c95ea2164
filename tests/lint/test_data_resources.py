"""Tables and buckets keep their logical ids and keys. CloudFormation replaces a table whose id or keys change."""

from dev.local_aws.template import key_names, resources
from tests.template_facts import TEMPLATE

TABLES = {
    "IdempotencyTable": ("id",),  # idempotency
    "ProductsTable": ("customer_id", "product_id"),  # products
    "UsersTable": ("UserId",),  # users
    "MediaTable": ("id",),  # media
    "MessagesTable": ("pk", "sk"),  # messages
}
BUCKETS = {
    "FailureBucket",
    "UserArchiveBucket",  # users
    "MediaBucket",  # media
    "MediaLogBucket",  # media
}


def test_no_table_or_bucket_is_replaced() -> None:
    assert key_names(TEMPLATE) == TABLES
    assert set(resources(TEMPLATE, "AWS::S3::Bucket")) == BUCKETS
