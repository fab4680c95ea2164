"""What template.yaml says of every bucket: the emulator ignores most of it."""

from typing import Any

import pytest

from dev.local_aws.template import resources
from tests.unit.template_facts import TEMPLATE, as_attribute, properties

BUCKETS = list(resources(TEMPLATE, "AWS::S3::Bucket"))
LOGS = {"MediaLogBucket"}
"""S3 delivers access logs to nothing but its own keys, and never twice to one name."""


@pytest.mark.parametrize("logical_id", BUCKETS)
def test_bucket_is_private(logical_id: str) -> None:
    bucket = properties(logical_id)

    assert bucket["PublicAccessBlockConfiguration"] == {
        "BlockPublicAcls": True,
        "BlockPublicPolicy": True,
        "IgnorePublicAcls": True,
        "RestrictPublicBuckets": True,
    }
    assert bucket["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]


@pytest.mark.parametrize("logical_id", BUCKETS)
def test_bucket_is_encrypted(logical_id: str) -> None:
    (encryption,) = properties(logical_id)["BucketEncryption"]["ServerSideEncryptionConfiguration"]

    assert encryption["ServerSideEncryptionByDefault"] == {
        "SSEAlgorithm": "AES256" if logical_id in LOGS else "aws:kms"
    }


@pytest.mark.parametrize("logical_id", [name for name in BUCKETS if name not in LOGS])
def test_bucket_is_versioned(logical_id: str) -> None:
    assert properties(logical_id)["VersioningConfiguration"] == {"Status": "Enabled"}


@pytest.mark.parametrize("logical_id", BUCKETS)
def test_bucket_forgets(logical_id: str) -> None:
    (rule,) = properties(logical_id)["LifecycleConfiguration"]["Rules"]

    assert rule["Status"] == "Enabled"
    assert set(rule["ExpirationInDays"]) == {"Ref"}
    assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}


@pytest.mark.parametrize("logical_id", [name for bucket in BUCKETS for name in (bucket, f"{bucket}Policy")])
def test_bucket_outlives_the_stack(logical_id: str) -> None:
    """S3 deletes no bucket that holds something: with Delete the stack could not be deleted."""
    assert TEMPLATE["Resources"][logical_id]["DeletionPolicy"] == "RetainExceptOnCreate"
    assert TEMPLATE["Resources"][logical_id]["UpdateReplacePolicy"] == "Retain"


@pytest.mark.parametrize("logical_id", BUCKETS)
def test_bucket_refuses_plain_http(logical_id: str) -> None:
    policy = properties(f"{logical_id}Policy")
    insecure = {"Bool": {"aws:SecureTransport": "false"}}
    (statement,) = [each for each in policy["PolicyDocument"]["Statement"] if each.get("Condition") == insecure]

    assert policy["Bucket"] == {"Ref": logical_id}
    assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "s3:*")
    assert [as_text(resource) for resource in statement["Resource"]] == [
        f"{logical_id}.Arn",
        f"${{{logical_id}.Arn}}/*",
    ]


@pytest.mark.parametrize("logical_id", BUCKETS)
def test_bucket_policy_lets_nobody_in_but_log_delivery(logical_id: str) -> None:
    statements = properties(f"{logical_id}Policy")["PolicyDocument"]["Statement"]
    allowed = [each["Principal"] for each in statements if each["Effect"] == "Allow"]

    assert allowed == ([{"Service": "logging.s3.amazonaws.com"}] if logical_id in LOGS else [])


def as_text(resource: dict[str, Any]) -> str:
    return str(resource["Fn::Sub"]) if "Fn::Sub" in resource else as_attribute(resource)
