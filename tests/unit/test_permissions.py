"""What template.yaml lets each function do, and nothing else."""

import re

import pytest

from dev.direct.contract import direct_routes
from dev.paths import ROOT
from dev.template import load_openapi
from tests.unit.template_facts import (
    FUNCTION_IDS,
    as_attribute,
    as_list,
    function,
    properties,
    statements,
)

MEDIA = r"arn:\$\{AWS::Partition\}:s3:::\$\{MediaBucketName\.Value\}"
NARROW = rf"\$\{{\w+Table\.Arn\}}/stream/\*|\$\{{\w+Bucket\.Arn\}}/\*|{MEDIA}/(files|uploads|thumbnails)/\*"
"""A table's streams, a bucket's objects, one kind of media's."""


@pytest.mark.parametrize("logical_id", FUNCTION_IDS)
def test_function_has_a_role_of_its_own(logical_id: str) -> None:
    """SAM makes one for each function that names none; a managed policy would widen it."""
    assert "Role" not in properties(logical_id)
    assert all(
        isinstance(policy, dict) and set(policy) == {"Statement"} for policy in properties(logical_id)["Policies"]
    )


@pytest.mark.parametrize("logical_id", FUNCTION_IDS)
def test_no_grant_is_wider_than_its_resource(logical_id: str) -> None:
    for statement in statements(logical_id):
        assert statement["Effect"] == "Allow"
        assert not [action for action in as_list(statement["Action"]) if "*" in action]
        for resource in as_list(statement["Resource"]):
            assert isinstance(resource, dict), f"{resource} is not a resource of this template"
            text = str(resource.get("Fn::Sub", ""))
            assert "*" not in text or re.fullmatch(NARROW, text)


def test_every_grant_says_why() -> None:
    text = (ROOT / "template.yaml").read_text()

    bare = [line for line in text.splitlines() if re.match(r"\s+- Effect: Allow\s*$", line)]
    principals = len(re.findall(r"Effect: Allow\n\s+Principal", text))
    assert len(bare) == principals


ACTIONS = {
    "AuthorizeFunction": set[str](),
    "CreateProductFunction": {"PutItem"},
    "ListProductsFunction": {"Query"},
    "GetProductFunction": {"GetItem"},
    "UpdateProductFunction": {"UpdateItem"},
    "DeleteProductFunction": {"DeleteItem"},
    "OnProductChangeFunction": {"DescribeStream", "GetRecords", "GetShardIterator", "ListStreams", "SendMessage"},
    "OnUserChangeFunction": {
        *("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams", "SendMessage"),
        "PutObject",
    },
    "PageMediaFunction": set[str](),
    "UploadMediaFunction": {"PutObject", "PutItem"},
    "PresignMediaFunction": {"PutObject", "PutItem"},
    "ListMediaFunction": {"Query", "GetObject"},
    "GetMediaFunction": {"GetItem", "GetObject"},
    "DeleteMediaFunction": {"GetItem", "DeleteItem", "ListBucketVersions", "DeleteObjectVersion"},
    "DownloadMediaFunction": {"UpdateItem", "GetObjectVersion"},
    "StatsMediaFunction": {"GetItem"},
    "ShareMediaFunction": {"UpdateItem"},
    "UnshareMediaFunction": {"UpdateItem"},
    "OpenMediaFunction": {"UpdateItem", "GetObjectVersion"},
    "OnMediaUploadFunction": {
        *("GetItem", "UpdateItem", "GetObjectVersion", "PutObject", "DeleteObject", "DeleteObjectVersion"),
        *("ListBucket", "ListBucketVersions", "SendMessage"),
    },
    "CreateMessageGroupFunction": {"PutItem"},
    "ListMessageGroupsFunction": {"Query"},
    "ListMessagesFunction": {"GetItem", "Query"},
    "CreateMessageFunction": {"GetItem", "PutItem"},
    "OnMessageFunction": {
        *("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams", "SendMessage"),
        *("GetItem", "UpdateItem", "DeleteItem", "PutItem"),
    },
}
"""All that each function may do; tests/integration/test_roles.py tries it on tables."""


def test_function_may_do_this_and_nothing_else() -> None:
    granted = {
        logical_id: {
            action.partition(":")[2] for statement in statements(logical_id) for action in as_list(statement["Action"])
        }
        for logical_id in FUNCTION_IDS
    }

    assert granted == ACTIONS


@pytest.mark.parametrize("logical_id", FUNCTION_IDS)
def test_function_names_no_store_that_it_may_not_touch(logical_id: str) -> None:
    granted = {
        "MediaBucket" if "MediaBucketName" in str(resource) else re.findall(r"\w+", str(list(resource.values())))[0]
        for statement in statements(logical_id)
        for resource in as_list(statement["Resource"])
    }

    assert set(function(logical_id).stores.values()) <= granted


def test_direct_integrations_may_do_what_their_routes_do_and_nothing_else() -> None:
    (policy,) = properties("UsersIntegrationRole")["Policies"]
    (statement,) = policy["PolicyDocument"]["Statement"]

    assert set(statement["Action"]) == {f"dynamodb:{route.action}" for route in direct_routes(load_openapi()).values()}
    assert as_attribute(statement["Resource"]) == "UsersTable.Arn"


def test_only_api_gateway_takes_the_integration_role() -> None:
    (statement,) = properties("UsersIntegrationRole")["AssumeRolePolicyDocument"]["Statement"]

    assert statement["Principal"] == {"Service": "apigateway.amazonaws.com"}
