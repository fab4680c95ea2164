"""Buckets as a case needs them before, and what changed in them after."""

import base64
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from dev.application import in_process
from dev.errors import DevError
from dev.replay.bucket_state import Buckets
from dev.replay.cases import Item
from dev.replay.table_state import Items
from tests.unit.dev import shop
from tests.unit.empty_aws import empty_aws


@pytest.fixture
def buckets() -> Iterator[Buckets]:
    with empty_aws(shop.TEMPLATE):
        yield Buckets(in_process.client("s3"), {"FilesBucket": "filesbucket"})


def holding(*objects: Item) -> Items:
    return {"FilesBucket": {(each["key"],): each for each in objects}}


def test_object_is_an_item_with_its_key(buckets: Buckets) -> None:
    buckets.s3.put_object(Bucket="filesbucket", Key="a/b.json", Body=b'{"n": 1.50}')

    assert buckets.read() == holding({"key": "a/b.json", "n": Decimal("1.5")})


def given(*objects: Item) -> dict[str, Any]:
    return {"given": {"FilesBucket": list(objects)}}


def test_removing_leaves_no_version_of_an_object(buckets: Buckets) -> None:
    expect = given({"key": "a/C1"})
    buckets.put(expect)
    buckets.s3.put_object(Bucket="filesbucket", Key="a/C1", Body=b"{}")
    buckets.s3.delete_object(Bucket="filesbucket", Key="a/C1")
    parts = buckets.parts(expect, "C1")

    buckets.remove(parts, buckets.read(parts))

    versions = buckets.s3.list_object_versions(Bucket="filesbucket")
    assert versions.keys() & {"Versions", "DeleteMarkers"} == set()


@pytest.mark.parametrize("key", ["files/C1/1", {"IsStr": "files/C1/[0-9a-f]+"}])
def test_only_prefixes_that_end_with_an_id_of_the_case_are_read_and_removed(buckets: Buckets, key: Any) -> None:
    buckets.put(given({"key": "files/C1/1"}, {"key": "files/C1/2"}, {"key": "files/C2/1"}))
    parts = buckets.parts({"changes": {"FilesBucket": [{"key": {"key": key}, "after": None}]}}, "C1")

    found = buckets.read(parts)
    buckets.remove(parts, found)

    assert found == holding({"key": "files/C1/1"}, {"key": "files/C1/2"})
    assert buckets.read() == holding({"key": "files/C2/1"})


@pytest.mark.parametrize(
    "body", [b"\xff\xd8", b"plain", b"", b"[1]", b"1"], ids=["binary", "text", "empty", "list", "number"]
)
def test_content_that_is_no_json_object_is_read_in_base64(buckets: Buckets, body: bytes) -> None:
    buckets.s3.put_object(Bucket="filesbucket", Key="a", Body=body, ContentType="image/jpeg")

    content = base64.b64encode(body).decode()
    assert buckets.read() == holding({"key": "a", "base64": content, "content_type": "image/jpeg"})


@pytest.mark.parametrize(
    ("more", "content_type"), [({}, "binary/octet-stream"), ({"content_type": "image/png"}, "image/png")]
)
def test_given_content_is_put_with_its_type(buckets: Buckets, more: Item, content_type: str) -> None:
    put = buckets.put(given({"key": "a", "base64": "/9g=", **more}))

    answer = buckets.s3.get_object(Bucket="filesbucket", Key="a")
    assert (answer["Body"].read(), answer["ContentType"]) == (b"\xff\xd8", content_type)
    assert put == buckets.read()


def test_version_is_known_after_the_object_is_gone(buckets: Buckets) -> None:
    buckets.put(given({"key": "a"}))
    ((_, version),) = buckets.versions("FilesBucket")

    buckets.delete("FilesBucket", "a", version)

    assert buckets.version("a") == version


def test_object_that_another_case_gave_has_no_version(buckets: Buckets) -> None:
    expect = given({"key": "a"})
    buckets.remove(buckets.parts(expect, "a"), buckets.put(expect))

    with pytest.raises(DevError, match="No object is given under a, so it has no version"):
        buckets.version("a")


def test_object_that_goes_while_it_is_read_is_left_out(buckets: Buckets, monkeypatch: pytest.MonkeyPatch) -> None:
    buckets.put(given({"key": "a"}, {"key": "b"}))
    read = buckets.s3.get_object

    def get_object(**request: Any) -> Any:
        if request["Key"] == "a":
            buckets.s3.delete_object(Bucket="filesbucket", Key="a")
        return read(**request)

    monkeypatch.setattr(buckets.s3, "get_object", get_object)

    assert buckets.read() == holding({"key": "b"})
