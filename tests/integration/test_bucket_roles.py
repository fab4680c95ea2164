"""What each role may do with each bucket, tried for real with its credentials."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from dev.stack import Stack, Status
from dev.template import functions, load_template
from tests.integration.test_roles import as_role, is_allowed

FUNCTIONS = list(functions(load_template()))
PREFIXES = {"UserArchiveBucket": [""], "MediaBucket": ["files/", "uploads/", "thumbnails/"], "MediaLogBucket": [""]}
GRANTS = {
    "UserArchiveBucket": {"OnUserChangeFunction": {"put "}},
    "MediaLogBucket": dict[str, set[str]](),
    "MediaBucket": {
        "UploadMediaFunction": {"put files/", "put thumbnails/"},
        "PresignMediaFunction": {"put uploads/"},
        "ListMediaFunction": {"get thumbnails/"},
        "GetMediaFunction": {"get thumbnails/"},
        "DeleteMediaFunction": {
            *("list_versions files/", "list_versions uploads/", "list_versions thumbnails/"),
            *("delete_version files/", "delete_version uploads/", "delete_version thumbnails/"),
        },
        "DownloadMediaFunction": {"get_version files/", "get_version uploads/"},
        "FollowMediaLinkFunction": {"get_version files/", "get_version uploads/"},
        "OnMediaUploadFunction": {
            *("get_version uploads/", "delete_version uploads/"),
            *("put thumbnails/", "delete thumbnails/"),
            *("list files/", "list uploads/", "list thumbnails/"),
            *("list_versions files/", "list_versions uploads/", "list_versions thumbnails/"),
        },
    },
}
NAME = "test-roles"
ACTIONS: dict[str, Callable[[Any, str, str, str], Any]] = {
    "put": lambda s3, bucket, key, _: s3.put_object(Bucket=bucket, Key=f"{key}-put", Body=b"{}"),
    "get": lambda s3, bucket, key, _: s3.get_object(Bucket=bucket, Key=key),
    "get_version": lambda s3, bucket, key, version: s3.get_object(Bucket=bucket, Key=key, VersionId=version),
    "list": lambda s3, bucket, key, _: s3.list_objects_v2(Bucket=bucket, Prefix=key),
    "list_versions": lambda s3, bucket, key, _: s3.list_object_versions(Bucket=bucket, Prefix=key),
    "delete": lambda s3, bucket, key, _: s3.delete_object(Bucket=bucket, Key=f"{key}-put"),
    "delete_version": lambda s3, bucket, key, _: s3.delete_object(Bucket=bucket, Key=key, VersionId="none"),
}


@pytest.fixture(params=list(PREFIXES))
def objects(request: pytest.FixtureRequest, stack: Stack, status: Status) -> Iterator[tuple[str, dict[str, str]]]:
    """A bucket, and the version of an object under each of its prefixes."""
    s3, bucket = stack.client("s3"), status.buckets[request.param]
    keys = [f"{prefix}{NAME}" for prefix in PREFIXES[request.param]]
    yield (
        request.param,
        {key: s3.put_object(Bucket=bucket, Key=key, Body=b"{}").get("VersionId", "null") for key in keys},
    )
    for key in keys:
        answer = s3.list_object_versions(Bucket=bucket, Prefix=key)
        for version in [*answer.get("Versions", []), *answer.get("DeleteMarkers", [])]:
            s3.delete_object(Bucket=bucket, Key=version["Key"], VersionId=version["VersionId"])


def test_function_may_do_this_and_nothing_else(
    stack: Stack, status: Status, objects: tuple[str, dict[str, str]]
) -> None:
    """So the upload's role can neither read nor delete, and the download's cannot write."""
    bucket, versions = objects
    can: dict[str, set[str]] = {}
    for logical_id in FUNCTIONS:
        function = stack.client("lambda").get_function(FunctionName=status.functions[logical_id])["Configuration"]
        s3 = as_role(stack, function["Role"]).client("s3", endpoint_url=status.endpoint_url)
        allowed = {
            f"{action} {key.removesuffix(NAME)}"
            for key, version in versions.items()
            for action, attempt in ACTIONS.items()
            if is_allowed(s3, attempt, status.buckets[bucket], key, version)
        }
        if allowed:
            can[logical_id] = allowed

    assert can == GRANTS[bucket]


@pytest.mark.parametrize("bucket", list(PREFIXES))
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_nobody_reaches_a_bucket_without_a_name(status: Status, bucket: str, method: str) -> None:
    url = f"{status.endpoint_url}/{status.buckets[bucket]}/uploads/anything"
    with httpx.Client(trust_env=False) as http:
        answers = [http.request(method, url), http.get(url.rpartition("/uploads")[0])]

    assert [answer.status_code for answer in answers] == [403, 403]
