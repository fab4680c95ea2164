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

    kept = {name: keys for name, keys in STORES.items() if name in found}
    check(differing(found, kept, "keys"), "Keep these keys, because CloudFormation replaces a table that gets others")
    check(STORES.keys() - found.keys(), "Keep these ids, because CloudFormation replaces what gets another one")
    check(found.keys() - STORES.keys(), "Add these to STORES in tests/lint/test_data_resources.py")
