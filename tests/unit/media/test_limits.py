"""What template.yaml says of media fits what the functions do."""

from media import files
from media.presign import PENDING_SECONDS
from tests.template_facts import TEMPLATE, properties


def test_a_file_outlives_the_upload_that_is_waited_for() -> None:
    assert TEMPLATE["Parameters"]["MediaRetentionDays"]["MinValue"] * 24 * 3600 >= PENDING_SECONDS


def test_signatures_end_soon_after_the_longest_that_is_made() -> None:
    """S3 tells the age in milliseconds."""
    statements = properties("MediaBucketPolicy")["PolicyDocument"]["Statement"]
    (limit,) = [each["Condition"] for each in statements if "NumericGreaterThan" in each["Condition"]]
    seconds = int(limit["NumericGreaterThan"]["s3:signatureAge"]) / 1000

    assert max(files.POST_SECONDS, files.URL_SECONDS) < seconds <= 600


def test_functions_write_nothing_that_they_are_notified_of() -> None:
    (notification,) = properties("MediaBucket")["NotificationConfiguration"]["LambdaConfigurations"]
    (rule,) = notification["Filter"]["S3Key"]["Rules"]

    assert files.upload_key("owner", "id").startswith(rule["Value"])
    assert not files.file_key("owner", "id").startswith(rule["Value"])
