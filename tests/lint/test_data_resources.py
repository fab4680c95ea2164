"""Tables and buckets keep their logical ids and keys. CloudFormation replaces a table whose id or keys change."""

from dev.local_aws.template import key_names, resources
from tests.lint.rules import check, differing
from tests.template_facts import TEMPLATE

STORES: dict[str, tuple[str, ...]] = {
    "IdempotencyTable": ("id",),  # idempotency
    "ProductsTable": ("customer_id", "product_id"),  # products
    "UsersTable": ("UserId",),  # users
    "MediaTable": ("id",),  # media
    "MessagesTable": ("pk", "sk"),  # messages
    "FailureBucket": (),
    "UserArchiveBucket": (),  # users
    "MediaBucket": (),  # media
    "MediaLogBucket": (),  # media
}
"""Keys of each table. Buckets have none."""


def test_no_table_or_bucket_is_replaced() -> None:
    found = key_names(TEMPLATE) | dict.fromkeys(resources(TEMPLATE, "AWS::S3::Bucket"), ())

    check(
        differing(found, STORES, "key"), "Keep these ids and keys, because CloudFormation replaces what gets new ones"
    )
    check(found.keys() - STORES.keys(), "Add these to STORES in tests/lint/test_data_resources.py")
