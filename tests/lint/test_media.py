"""What template.yaml says of media: what only AWS does, and what keeps its parts from needing each other."""

import re
from pathlib import Path

from dev.local_aws.template import attribute_of
from dev.paths import ROOT
from media import validation
from media.content import MAX_PIXELS
from media.form import FIELDS
from tests.grants import GRANTS
from tests.lint.rules import check
from tests.template_facts import CONTRACT, TEMPLATE, properties, statements

BUCKET = "arn:${AWS::Partition}:s3:::${MediaBucketName.Value}"


def test_grants_on_files_name_their_folder() -> None:
    check([name for name, places in GRANTS.items() if "MediaBucket/*" in places], "Name the folder, such as files/*")


def test_files_expire_with_their_metadata() -> None:
    (rule,) = properties("MediaBucket")["LifecycleConfiguration"]["Rules"]

    assert rule == {
        "Id": "expiry",
        "Status": "Enabled",
        "ExpirationInDays": {"Ref": "MediaRetentionDays"},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 31},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
    }
    for function in ("UploadMediaFunction", "OnMediaUploadFunction"):
        days = properties(function)["Environment"]["Variables"]["MEDIA_RETENTION_DAYS"]
        assert days == {"Ref": "MediaRetentionDays"}


def test_time_that_files_are_kept_is_limited_and_only_raised() -> None:
    """Metadata keeps the expiry that it was given. The lifecycle of the bucket applies to files of any age."""
    parameter = TEMPLATE["Parameters"]["MediaRetentionDays"]

    assert parameter["MaxValue"] == 3650
    assert "Never lower it" in parameter["Description"]


def test_only_the_page_may_read_what_the_bucket_answers() -> None:
    (rule,) = properties("MediaBucket")["CorsConfiguration"]["CorsRules"]

    assert rule["AllowedOrigins"] == [{"Fn::Sub": "https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}"}]
    assert rule["AllowedMethods"] == ["GET", "POST"]
    assert rule["AllowedHeaders"] == ["content-type"]


def test_bucket_tells_of_uploads_and_of_nothing_that_the_functions_write() -> None:
    (notification,) = properties("MediaBucket")["NotificationConfiguration"]["LambdaConfigurations"]

    assert attribute_of(notification["Function"]) == "OnMediaUploadFunction.Arn"
    assert notification["Event"] == "s3:ObjectCreated:*"
    assert notification["Filter"]["S3Key"]["Rules"] == [{"Name": "prefix", "Value": "uploads/"}]


def test_bucket_waits_for_what_s3_tries_when_it_is_made() -> None:
    assert TEMPLATE["Resources"]["MediaBucket"]["DependsOn"] == ["OnMediaUploadPermission", "MediaLogBucketPolicy"]


def test_nothing_that_the_bucket_needs_needs_the_bucket() -> None:
    """Its name comes from a resource of its own: the bucket names the API and a function, which name the bucket."""
    refer = [
        logical_id
        for logical_id, resource in TEMPLATE["Resources"].items()
        if "{'Ref': 'MediaBucket'}" in str(resource) or "${MediaBucket." in str(resource)
    ]

    assert attribute_of(properties("MediaBucket")["BucketName"]) == "MediaBucketName.Value"
    assert refer == ["MediaBucketPolicy"]


def test_every_stack_has_a_bucket_of_its_own() -> None:
    stack_id = {"Fn::Select": [2, {"Fn::Split": ["/", {"Ref": "AWS::StackId"}]}]}

    assert properties("MediaBucketName")["Value"] == {"Fn::Join": ["-", ["media", stack_id]]}


def test_only_this_bucket_of_this_account_invokes_the_function() -> None:
    assert properties("OnMediaUploadPermission") == {
        "FunctionName": {"Ref": "OnMediaUploadFunction"},
        "Action": "lambda:InvokeFunction",
        "Principal": "s3.amazonaws.com",
        "SourceAccount": {"Ref": "AWS::AccountId"},
        "SourceArn": {"Fn::Sub": BUCKET},
    }


def test_events_that_fail_are_kept() -> None:
    config = properties("OnMediaUploadInvokeConfig")

    assert (config["FunctionName"], config["Qualifier"]) == ({"Ref": "OnMediaUploadFunction"}, "$LATEST")
    assert config["MaximumRetryAttempts"] == 2


def test_upload_that_is_gone_is_found_gone() -> None:
    """S3 answers 403 to a HEAD of what does not exist, unless the caller may list the bucket: then 404. A condition on
    the prefix would not hold, as a HEAD sends none. No emulator knows, so nothing else notices.
    """
    (grant,) = [each for each in statements("OnMediaUploadFunction") if each["Resource"] == {"Fn::Sub": BUCKET}]

    assert grant["Action"] == ["s3:ListBucket", "s3:ListBucketVersions"]
    assert "Condition" not in grant


def test_access_to_files_is_logged() -> None:
    assert properties("MediaBucket")["LoggingConfiguration"] == {
        "DestinationBucketName": {"Ref": "MediaLogBucket"},
        "LogFilePrefix": "media/",
    }
    (delivery, _) = properties("MediaLogBucketPolicy")["PolicyDocument"]["Statement"]
    assert delivery["Action"] == "s3:PutObject"
    assert delivery["Resource"] == {"Fn::Sub": "${MediaLogBucket.Arn}/media/*"}
    assert delivery["Condition"]["ArnLike"] == {"aws:SourceArn": {"Fn::Sub": BUCKET}}
    assert delivery["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}


def test_functions_that_decode_images_have_the_layer_and_the_memory() -> None:
    """A WebP of four bytes a pixel is there four times for a moment (test_content_bombs); the rest takes 90 MB."""
    for function in ("UploadMediaFunction", "OnMediaUploadFunction"):
        assert properties(function)["Layers"] == [{"Ref": "MediaLayer"}]
        needed = 4 * 4 * MAX_PIXELS + 2 * validation.MAX_IMAGE_BYTES + 90_000_000
        assert properties(function)["MemorySize"] * 1024 * 1024 > 1.5 * needed


def test_files_arrive_as_they_were_sent() -> None:
    assert CONTRACT["x-amazon-apigateway-binary-media-types"] == ["multipart/form-data"]


def test_links_lead_to_the_stage() -> None:
    assert properties("Api")["Variables"]["ApiUrl"] == {
        "Fn::Sub": "https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}/v1"
    }


def test_page_talks_to_aws_or_to_its_emulator() -> None:
    variables = properties("ShowMediaPageFunction")["Environment"]["Variables"]

    for name, host in {
        "COGNITO_URL": "https://cognito-idp.${AWS::Region}.${AWS::URLSuffix}",
        "MEDIA_BUCKET_URL": "https://${MediaBucketName.Value}.s3.${AWS::Region}.${AWS::URLSuffix}",
    }.items():
        assert variables[name] == {"Fn::If": ["HasEndpointUrl", {"Ref": "EndpointUrl"}, {"Fn::Sub": host}]}


def test_form_is_the_one_that_the_function_reads() -> None:
    form = CONTRACT["components"]["schemas"]["UploadForm"]

    assert set(form["required"]) == set(form["properties"]) == FIELDS
    for name in ("name", "caption"):
        assert form["properties"][name] == validation.NEW_UPLOAD["properties"][name]  # type: ignore[index]


def test_items_expire_with_their_files() -> None:
    assert properties("MediaTable")["TimeToLiveSpecification"] == {"AttributeName": "ttl", "Enabled": True}


def test_pictures_are_the_screenshots_that_the_script_takes() -> None:
    from dev.application.media.screenshots import IMAGES, SHOTS

    taken = {f"{state}-{look}.png" for state, looks in SHOTS.items() for look in looks}

    assert {path.name for path in IMAGES.iterdir()} == taken


def test_pictures_are_small() -> None:
    pictures = sorted((ROOT / "docs" / "media").iterdir())

    check((path.name for path in pictures if not is_small_png(path)), "Make each picture a PNG below 150 kB")


def is_small_png(path: Path) -> bool:
    return path.read_bytes().startswith(b"\x89PNG") and path.stat().st_size < 150_000


def test_the_page_is_shown() -> None:
    assert re.search(r"!\[.+\]\(media/", (ROOT / "docs" / "media.md").read_text())
