"""What the role of a function may do with each bucket, tried for real with its credentials."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from dev.application.stack import Stack, Status
from dev.local_aws.template import resources
from tests.grants import GRANTS
from tests.integration.roles import ONE_OF_EACH_FEATURE, client_of_role, is_allowed, role_of
from tests.template_facts import TEMPLATE

BUCKETS = resources(TEMPLATE, "AWS::S3::Bucket")
OBJECTS = re.compile(r"(\w+Bucket)/(.*)\*")
"""A grant for the objects of a bucket under a prefix."""
GRANTED = [match for grants in GRANTS.values() for place in grants if (match := OBJECTS.fullmatch(place))]
PREFIXES = {name: sorted({match[2] for match in GRANTED if match[1] == name}) or [""] for name in BUCKETS}
NAME = "test-roles"
ACTIONS: dict[str, Callable[[Any, str, str, str], Any]] = {
    "PutObject": lambda s3, bucket, key, _: s3.put_object(Bucket=bucket, Key=f"{key}-put", Body=b"{}"),
    "GetObject": lambda s3, bucket, key, _: s3.get_object(Bucket=bucket, Key=key),
    "GetObjectVersion": lambda s3, bucket, key, version: s3.get_object(Bucket=bucket, Key=key, VersionId=version),
    "ListBucket": lambda s3, bucket, key, _: s3.list_objects_v2(Bucket=bucket, Prefix=key),
    "ListBucketVersions": lambda s3, bucket, key, _: s3.list_object_versions(Bucket=bucket, Prefix=key),
    "DeleteObject": lambda s3, bucket, key, _: s3.delete_object(Bucket=bucket, Key=f"{key}-put"),
    "DeleteObjectVersion": lambda s3, bucket, key, _: s3.delete_object(Bucket=bucket, Key=key, VersionId="none"),
}


type Versions = dict[str, dict[str, str]]
"""Version ids by key, by bucket."""


@pytest.fixture
def objects(stack: Stack, status: Status) -> Iterator[Versions]:
    """An object under each prefix of each bucket."""
    s3 = stack.client("s3")
    yield {
        bucket: {
            f"{prefix}{NAME}": s3.put_object(Bucket=status.buckets[bucket], Key=f"{prefix}{NAME}", Body=b"{}").get(
                "VersionId", "null"
            )
            for prefix in prefixes
        }
        for bucket, prefixes in PREFIXES.items()
    }
    for bucket, prefixes in PREFIXES.items():
        for prefix in prefixes:
            answer = s3.list_object_versions(Bucket=status.buckets[bucket], Prefix=f"{prefix}{NAME}")
            for version in [*answer.get("Versions", []), *answer.get("DeleteMarkers", [])]:
                s3.delete_object(Bucket=status.buckets[bucket], Key=version["Key"], VersionId=version["VersionId"])


def test_functions_have_exactly_these_permissions(stack: Stack, status: Status, objects: Versions) -> None:
    can: dict[str, dict[str, set[str]]] = {bucket: {} for bucket in objects}
    for logical_id in ONE_OF_EACH_FEATURE.values():
        s3 = client_of_role(stack, role_of(stack, status.functions[logical_id]), "s3")
        for bucket, versions in objects.items():
            allowed = {
                f"{action} {key.removesuffix(NAME)}"
                for key, version in versions.items()
                for action, attempt in ACTIONS.items()
                if is_allowed(s3, attempt, status.buckets[bucket], key, version)
            }
            if allowed:
                can[bucket][logical_id] = allowed

    assert can == {bucket: expected(bucket) for bucket in BUCKETS}


def expected(bucket: str) -> dict[str, set[str]]:
    """Return actions and prefixes by function. An action on the bucket itself covers every prefix."""
    return {
        name: {
            f"{action} {prefix}"
            for place, actions in GRANTS[name].items()
            for prefix in PREFIXES[bucket]
            if place in {bucket, f"{bucket}/{prefix}*"}
            for action in actions
        }
        for name in ONE_OF_EACH_FEATURE.values()
        if any(place.partition("/")[0] == bucket for place in GRANTS[name])
    }


def test_anonymous_requests_to_buckets_are_rejected(status: Status) -> None:
    with httpx.Client(trust_env=False) as http:
        for name in PREFIXES:
            bucket = f"{status.endpoint_url}/{status.buckets[name]}"
            answers = [http.get(bucket)]
            answers += [http.request(method, f"{bucket}/uploads/anything") for method in ("GET", "PUT", "DELETE")]

            assert [answer.status_code for answer in answers] == [403] * 4
