"""Every bucket of template.yaml; the emulator ignores most of this."""

from typing import Any

from dev.local_aws.template import resources
from tests.lint.rules import check, differing
from tests.template_facts import TEMPLATE, properties, resource_text

BUCKETS = list(resources(TEMPLATE, "AWS::S3::Bucket"))
LOGS = {
    properties(name)["LoggingConfiguration"]["DestinationBucketName"]["Ref"]
    for name in BUCKETS
    if "LoggingConfiguration" in properties(name)
}
"""Buckets of access logs. S3 writes each log under a new name."""
PRIVATE = {
    "PublicAccessBlockConfiguration": {
        "BlockPublicAcls": True,
        "BlockPublicPolicy": True,
        "IgnorePublicAcls": True,
        "RestrictPublicBuckets": True,
    },
    "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
}
FAILURES = {"FailureBucket"}
"""No key is written twice, and what is redriven has to be gone."""
UNVERSIONED = LOGS | FAILURES
INSECURE = {"Bool": {"aws:SecureTransport": "false"}}


def test_buckets_are_private() -> None:
    check(
        (line for name in BUCKETS for line in differing(properties(name), PRIVATE, name)),
        "Close each bucket to the public",
    )


def test_buckets_are_encrypted() -> None:
    offenders = [line for name in BUCKETS for line in differing(properties(name), encryption_of(name), name)]

    check(offenders, "Encrypt each bucket")


def encryption_of(logical_id: str) -> dict[str, Any]:
    own: dict[str, Any] = {"SSEAlgorithm": "AES256"}
    key = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": {"Ref": "KmsKeyArn"}}
    by_key = {"Fn::If": ["HasKmsKey", key, own]}
    rule = {"BucketKeyEnabled": True, "ServerSideEncryptionByDefault": by_key}
    logs = {"ServerSideEncryptionByDefault": own}  # log delivery supports nothing else
    return {"BucketEncryption": {"ServerSideEncryptionConfiguration": [logs if logical_id in LOGS else rule]}}


def test_buckets_are_versioned() -> None:
    """A lost access log is no loss of data."""
    versioned = {"VersioningConfiguration": {"Status": "Enabled"}}

    check(
        (line for name in BUCKETS if name not in UNVERSIONED for line in differing(properties(name), versioned, name)),
        "Enable versions",
    )


def test_objects_of_every_bucket_expire() -> None:
    check(
        [name for name in BUCKETS if not expires(properties(name))],
        "Give the bucket one lifecycle rule, with days, that aborts incomplete uploads after a day",
    )


def expires(bucket: dict[str, Any]) -> bool:
    match bucket.get("LifecycleConfiguration"):
        case {"Rules": [{"Status": "Enabled", "ExpirationInDays": int() | {"Ref": _}} as rule]}:
            aborted: object = rule.get("AbortIncompleteMultipartUpload")
            return aborted == {"DaysAfterInitiation": 1}
    return False


def test_buckets_outlive_the_stack() -> None:
    """S3 deletes no bucket that holds something: with Delete the stack could not be deleted."""
    kept = {"DeletionPolicy": "RetainExceptOnCreate", "UpdateReplacePolicy": "Retain"}
    names = [name for bucket in BUCKETS for name in (bucket, f"{bucket}Policy")]

    check(
        (line for name in names for line in differing(TEMPLATE["Resources"].get(name, {}), kept, name)),
        "Keep each bucket and its policy when the stack is deleted",
    )


def test_buckets_reject_plain_http() -> None:
    rejections = {name: [each for each in policy(name) if each.get("Condition") == INSECURE] for name in BUCKETS}
    offenders = [
        name
        for name, found in rejections.items()
        if [
            (
                each["Effect"],
                each["Principal"],
                each["Action"],
                [resource_text(resource) for resource in each["Resource"]],
            )
            for each in found
        ]
        != [("Deny", "*", "s3:*", [f"{name}.Arn", f"${{{name}.Arn}}/*"])]
    ]

    check(offenders, "Deny requests without TLS in the bucket's policy, for the bucket and its objects")


def test_bucket_policies_allow_only_log_delivery() -> None:
    allowed = {name: [each["Principal"] for each in policy(name) if each["Effect"] == "Allow"] for name in BUCKETS}

    assert {name: principals for name, principals in allowed.items() if principals} == {
        name: [{"Service": "logging.s3.amazonaws.com"}] for name in LOGS
    }


def policy(bucket: str) -> list[dict[str, Any]]:
    """Return the statements of a bucket's policy; none if it has no policy."""
    body = TEMPLATE["Resources"].get(f"{bucket}Policy", {}).get("Properties", {})
    if body.get("Bucket") != {"Ref": bucket}:
        return []
    statements: list[dict[str, Any]] = body["PolicyDocument"]["Statement"]
    return statements
