"""Buckets as a case needs them before, and what changed in them after."""

import base64
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from mypy_boto3_dynamodb import DynamoDBClient

from dev.application import in_process
from dev.errors import DevError
from dev.replay.bucket_state import Buckets
from dev.replay.cases import Item
from dev.replay.table_state import Items


@pytest.fixture
def buckets(dynamodb: DynamoDBClient) -> Buckets:
    return Buckets(in_process.client("s3"), {"UserArchiveBucket": "userarchivebucket"})


def archive(*objects: Item) -> Items:
    return {"UserArchiveBucket": {(each["key"],): each for each in objects}}


def test_object_is_an_item_with_its_key(buckets: Buckets) -> None:
    buckets.s3.put_object(Bucket="userarchivebucket", Key="a/b.json", Body=b'{"n": 1.50}')

    assert buckets.read() == archive({"key": "a/b.json", "n": Decimal("1.5")})


def test_given_objects_are_alone_under_their_names(buckets: Buckets) -> None:
    buckets.write(buckets.read(), archive({"key": "a", "old": True}, {"key": "b"}))

    buckets.prepare(buckets.read(), {"given": {"UserArchiveBucket": [{"key": "a", "new": True}]}})

    assert buckets.read() == archive({"key": "a", "new": True}, {"key": "b"})


def test_restoring_a_bucket_leaves_no_version(buckets: Buckets) -> None:
    before = buckets.read()
    buckets.write(before, archive({"key": "a"}))
    buckets.s3.delete_object(Bucket="userarchivebucket", Key="a")
    buckets.s3.put_object(Bucket="userarchivebucket", Key="a", Body=b"{}")

    buckets.write(buckets.read(), before)

    versions = buckets.s3.list_object_versions(Bucket="userarchivebucket")
    assert versions.keys() & {"Versions", "DeleteMarkers"} == set()


def test_object_whose_name_begins_the_same_is_left_alone(buckets: Buckets) -> None:
    buckets.write(buckets.read(), archive({"key": "a/1"}, {"key": "a/12"}))

    buckets.delete("UserArchiveBucket", {"key": "a/1"})

    assert buckets.read() == archive({"key": "a/12"})


@pytest.mark.parametrize(
    "body", [b"\xff\xd8", b"plain", b"", b"[1]", b"1"], ids=["binary", "text", "empty", "list", "number"]
)
def test_content_that_is_no_json_object_is_read_in_base64(buckets: Buckets, body: bytes) -> None:
    buckets.s3.put_object(Bucket="userarchivebucket", Key="a", Body=body, ContentType="image/jpeg")

    content = base64.b64encode(body).decode()
    assert buckets.read() == archive({"key": "a", "base64": content, "content_type": "image/jpeg"})


@pytest.mark.parametrize(
    ("given", "content_type"), [({}, "binary/octet-stream"), ({"content_type": "image/png"}, "image/png")]
)
def test_given_content_is_put_with_its_type(buckets: Buckets, given: Item, content_type: str) -> None:
    item: Item = {"key": "a", "base64": "/9g=", **given}

    prepared = buckets.prepare(buckets.read(), {"given": {"UserArchiveBucket": [item]}})

    answer = buckets.s3.get_object(Bucket="userarchivebucket", Key="a")
    assert (answer["Body"].read(), answer["ContentType"]) == (b"\xff\xd8", content_type)
    assert prepared == buckets.read()


def test_version_is_the_one_that_was_put(buckets: Buckets) -> None:
    first = current_version(buckets, "a")

    buckets.prepare(buckets.read(), {"given": {"UserArchiveBucket": [{"key": "a"}]}})

    assert buckets.version("a") == current_version(buckets, "a") != first


def test_version_is_known_after_the_object_is_gone(buckets: Buckets) -> None:
    buckets.prepare(buckets.read(), {"given": {"UserArchiveBucket": [{"key": "a"}]}})
    version = buckets.version("a")

    buckets.delete("UserArchiveBucket", {"key": "a"})

    assert buckets.version("a") == version


def test_object_that_another_case_gave_has_no_version(buckets: Buckets) -> None:
    buckets.prepare(buckets.read(), {"given": {"UserArchiveBucket": [{"key": "a"}]}})

    with pytest.raises(DevError, match="No object is given under a, so it has no version"):
        buckets.seen_by({}).version("a")


def test_object_that_goes_while_it_is_read_is_left_out(buckets: Buckets, monkeypatch: pytest.MonkeyPatch) -> None:
    buckets.write(buckets.read(), archive({"key": "a"}, {"key": "b"}))
    read = buckets.s3.get_object

    def get_object(**request: Any) -> Any:
        if request["Key"] == "a":
            buckets.delete("UserArchiveBucket", {"key": "a"})
        return read(**request)

    monkeypatch.setattr(buckets.s3, "get_object", get_object)

    assert buckets.read() == archive({"key": "b"})


def test_where_others_write_a_case_sees_what_it_names(buckets: Buckets) -> None:
    buckets.write(buckets.read(), archive({"key": "mine"}, {"key": "theirs"}))
    expect = {"changes": {"UserArchiveBucket": [{"key": {"key": "mine"}, "after": {}}]}}

    assert replace(buckets, others_write=True).seen_by(expect).read() == archive({"key": "mine"})
    assert buckets.seen_by(expect).read() == archive({"key": "mine"}, {"key": "theirs"})


def test_where_others_write_a_case_sees_what_is_like_its_pattern(buckets: Buckets) -> None:
    buckets.write(buckets.read(), archive({"key": "mine/1"}, {"key": "theirs/1"}))
    expect = {"changes": {"UserArchiveBucket": [{"key": {"key": "~mine/.+"}, "after": {}}]}}

    assert replace(buckets, others_write=True).seen_by(expect).read() == archive({"key": "mine/1"})


def current_version(buckets: Buckets, key: str) -> str:
    """Return the version of an object, which is put if it is not there."""
    buckets.write(buckets.read(), buckets.read() | archive({"key": key}))
    return buckets.s3.head_object(Bucket="userarchivebucket", Key=key)["VersionId"]
