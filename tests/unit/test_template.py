"""Invariants of template.yaml: what reviews forget, and what the emulator would not notice."""

import re
from typing import Any

import pytest

from auth.model import WRITERS
from dev.paths import EVENTS, FUNCTIONS, OPENAPI, ROOT
from dev.template import functions, resources
from shared.caller import STAFF
from tests.unit.template_facts import (
    FUNCTION,
    FUNCTION_IDS,
    PRODUCTION_ONLY,
    TABLES,
    TEMPLATE,
    as_attribute,
    function,
    properties,
)


@pytest.mark.parametrize("logical_id", FUNCTION_IDS)
def test_one_name_four_places(logical_id: str) -> None:
    """CreateProductFunction: products/create.py, events/products/create/, tests/unit/products/test_create.py."""
    feature, _, name = function(logical_id).name.partition("/")
    singular = feature.removesuffix("s").title()
    names = (
        {f"On{singular}{name.removeprefix('on_').title()}Function"}
        if name.startswith("on_")
        else {"AuthorizeFunction"}
        if feature == "auth"
        else {f"{name.title()}{singular}Function", f"{name.title()}{singular}sFunction"}
    )

    assert logical_id in names, f"{feature}/{name}.py is the code of {' or '.join(sorted(names))}"
    for place in (
        FUNCTIONS / feature / f"{name}.py",
        EVENTS / feature / name / ("insert.json" if name.startswith("on_") else "ok.json"),
        ROOT / "tests" / "unit" / feature / f"test_{name}.py",
    ):
        assert place.is_file(), f"{logical_id} needs {place.relative_to(ROOT)}"


def test_every_handler_is_in_the_template() -> None:
    handlers = {
        f"{path.parent.name}.{path.stem}.handler"
        for path in FUNCTIONS.glob("*/*.py")
        if re.search(r"(?m)^(@(api|stream)_handler$|def handler\()", path.read_text())
    }

    assert handlers - {each.handler for each in functions(TEMPLATE).values()} == set()


@pytest.mark.parametrize("logical_id", FUNCTION_IDS)
def test_function_has_its_log_group_beside_it(logical_id: str) -> None:
    log_group = logical_id.removesuffix("Function") + "LogGroup"
    order = list(TEMPLATE["Resources"])

    assert order.index(log_group) == order.index(logical_id) + 1
    assert properties(logical_id)["LoggingConfig"]["LogGroup"] == {"Ref": log_group}


@pytest.mark.parametrize("logical_id", list(resources(TEMPLATE, "AWS::Logs::LogGroup")))
def test_log_group_has_retention(logical_id: str) -> None:
    assert properties(logical_id)["RetentionInDays"] == {"Ref": "LogRetentionDays"}


@pytest.mark.parametrize("logical_id", list(TABLES))
def test_table_is_on_demand_encrypted_and_recoverable(logical_id: str) -> None:
    table = properties(logical_id)

    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["SSESpecification"] == {"SSEEnabled": True, "SSEType": "KMS"}
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}


@pytest.mark.parametrize("logical_id", [name for name in TABLES if name != "IdempotencyTable"])
def test_table_is_protected_in_production_only(logical_id: str) -> None:
    resource = TEMPLATE["Resources"][logical_id]

    assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == PRODUCTION_ONLY
    assert resource["Properties"]["DeletionProtectionEnabled"] == {"Fn::If": ["IsProduction", True, False]}


def test_idempotency_records_expire() -> None:
    expected = {"AttributeName": "expiration", "Enabled": True}

    assert properties("IdempotencyTable")["TimeToLiveSpecification"] == expected


def test_archive_is_private_encrypted_and_versioned() -> None:
    bucket = properties("UserArchiveBucket")

    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    (encryption,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert encryption["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms"}
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}


def test_archive_is_kept_as_long_as_asked_for() -> None:
    (rule,) = properties("UserArchiveBucket")["LifecycleConfiguration"]["Rules"]

    assert rule == {
        "Id": "expiry",
        "Status": "Enabled",
        "ExpirationInDays": {"Ref": "ArchiveRetentionDays"},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
    }


@pytest.mark.parametrize("logical_id", ["UserArchiveBucket", "UserArchiveBucketPolicy"])
def test_archive_outlives_the_stack(logical_id: str) -> None:
    """S3 deletes no bucket that holds something: with Delete the stack could not be deleted."""
    assert TEMPLATE["Resources"][logical_id]["DeletionPolicy"] == "RetainExceptOnCreate"
    assert TEMPLATE["Resources"][logical_id]["UpdateReplacePolicy"] == "Retain"


@pytest.mark.parametrize("logical_id", list(resources(TEMPLATE, "AWS::S3::Bucket")))
def test_bucket_refuses_plain_http(logical_id: str) -> None:
    policy = properties(f"{logical_id}Policy")
    (statement,) = policy["PolicyDocument"]["Statement"]

    assert policy["Bucket"] == {"Ref": logical_id}
    assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "s3:*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert [as_text(resource) for resource in statement["Resource"]] == [
        f"{logical_id}.Arn",
        f"${{{logical_id}.Arn}}/*",
    ]


def as_text(resource: dict[str, Any]) -> str:
    return str(resource["Fn::Sub"]) if "Fn::Sub" in resource else as_attribute(resource)


def test_key_is_held_to_the_plan_s_parameters() -> None:
    plan = properties("UsersUsagePlan")

    assert plan["Throttle"] == {"RateLimit": {"Ref": "ApiKeyRateLimit"}, "BurstLimit": {"Ref": "ApiKeyBurstLimit"}}
    assert plan["Quota"] == {"Limit": {"Ref": "ApiKeyQuota"}, "Period": "DAY"}
    assert plan["ApiStages"] == [{"ApiId": {"Ref": "Api"}, "Stage": {"Ref": "Api.Stage"}}]
    assert properties("UsersUsagePlanKey") == {
        "UsagePlanId": {"Ref": "UsersUsagePlan"},
        "KeyId": {"Ref": "UsersApiKey"},
        "KeyType": "API_KEY",
    }


@pytest.mark.parametrize("logical_id", list(TABLES))
def test_table_of_a_mapping_template_is_a_stage_variable(logical_id: str) -> None:
    text = OPENAPI.read_text()

    if f"$stageVariables.{logical_id}" in text:
        assert properties("Api")["Variables"][logical_id] == {"Ref": logical_id}


def test_nothing_has_a_fixed_name() -> None:
    fixed = {"FunctionName", "TableName", "BucketName", "QueueName", "LogGroupName", "RoleName", "UserPoolName", "Name"}

    named = {
        logical_id: fixed & body.get("Properties", {}).keys()
        for logical_id, body in TEMPLATE["Resources"].items()
        if body["Type"] not in {"AWS::Lambda::EventSourceMapping", "AWS::Lambda::Permission"}
        and fixed & body.get("Properties", {}).keys()
    }
    assert named == {}


def test_users_are_protected_in_production_only() -> None:
    pool = TEMPLATE["Resources"]["UserPool"]

    assert pool["DeletionPolicy"] == pool["UpdateReplacePolicy"] == PRODUCTION_ONLY
    assert pool["Properties"]["DeletionProtection"] == {"Fn::If": ["IsProduction", "ACTIVE", "INACTIVE"]}


def test_access_logs_wait_for_the_account_s_role_which_stays() -> None:
    assert TEMPLATE["Resources"]["Api"]["DependsOn"] == "ApiGatewayAccount"
    for logical_id in ("ApiGatewayAccount", "ApiGatewayLoggingRole"):
        assert TEMPLATE["Resources"][logical_id]["DeletionPolicy"] == "Retain"


def test_functions_are_traced_and_have_time_for_a_second_attempt() -> None:
    settings = TEMPLATE["Globals"]["Function"]

    assert settings["Tracing"] == "Active"
    assert settings["Timeout"] == 15
    assert properties("Api")["TracingEnabled"] is True


def test_lambda_does_not_filter_the_log() -> None:
    """With LogFormat JSON Lambda drops lines by their level, and takes Powertools' metrics for INFO."""
    logging = [settings["Properties"]["LoggingConfig"] for settings in resources(TEMPLATE, FUNCTION).values()]

    assert all(set(each) == {"LogGroup"} for each in logging)
    assert "LoggingConfig" not in TEMPLATE["Globals"]["Function"]


def test_users_cannot_choose_their_customer() -> None:
    client = properties("UserPoolClient")

    assert client["WriteAttributes"] == ["email"]
    assert "custom:customer_id" in client["ReadAttributes"]
    assert properties("UserPool")["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    assert client["PreventUserExistenceErrors"] == "ENABLED"


def test_staff_group_is_the_one_that_the_functions_look_for() -> None:
    assert properties("StaffGroup")["GroupName"] == STAFF


def test_writers_group_is_the_one_that_the_authorizer_looks_for() -> None:
    assert properties("WritersGroup")["GroupName"] == WRITERS


def test_authorizer_takes_tokens_of_the_pool_s_users_by_default() -> None:
    variables = properties("AuthorizeFunction")["Environment"]["Variables"]
    pool = {"Fn::Sub": "https://cognito-idp.${AWS::Region}.${AWS::URLSuffix}/${UserPool}"}

    assert variables["JWT_ISSUER"] == {"Fn::If": ["HasJwtIssuer", {"Ref": "JwtIssuer"}, pool]}
    assert variables["JWT_AUDIENCE"] == {"Fn::If": ["HasJwtIssuer", {"Ref": "JwtAudience"}, {"Ref": "UserPoolClient"}]}
    assert TEMPLATE["Parameters"]["JwtGroupsClaim"]["Default"] == "cognito:groups"


def test_authorizer_finds_the_issuer_s_keys() -> None:
    """An emulator issues tokens in AWS's name and has their keys itself; without one there is no other address."""
    path = "/.well-known/jwks.json"
    emulated = {"Fn::Sub": "${EndpointUrl}/${UserPool}" + path}
    pool = {"Fn::Sub": "https://cognito-idp.${AWS::Region}.${AWS::URLSuffix}/${UserPool}" + path}

    assert properties("AuthorizeFunction")["Environment"]["Variables"]["JWT_JWKS_URL"] == {
        "Fn::If": ["HasJwtIssuer", {"Ref": "JwtJwksUrl"}, {"Fn::If": ["HasEndpointUrl", emulated, pool]}]
    }


def test_another_issuer_is_named_whole() -> None:
    """Half of it would refuse everybody."""
    rule = TEMPLATE["Rules"]["AnotherIssuerIsNamedWhole"]
    given = {"Fn::Not": [{"Fn::Equals": [{"Ref": "JwtIssuer"}, ""]}]}

    assert rule["RuleCondition"] == given
    assert [assertion["Assert"] for assertion in rule["Assertions"]] == [
        {"Fn::Not": [{"Fn::Equals": [{"Ref": name}, ""]}]} for name in ("JwtAudience", "JwtJwksUrl")
    ]


@pytest.mark.parametrize("name", ["JwtIssuer", "JwtJwksUrl"])
def test_keys_are_fetched_over_tls(name: str) -> None:
    parameter = TEMPLATE["Parameters"][name]

    assert parameter["Default"] == ""
    assert re.fullmatch(parameter["AllowedPattern"], "https://example.com/tenant")
    assert not re.fullmatch(parameter["AllowedPattern"], "http://example.com")


def test_only_this_api_s_authorizers_invoke_the_authorizer() -> None:
    assert properties("AuthorizePermission") == {
        "FunctionName": {"Ref": "AuthorizeFunction"},
        "Action": "lambda:InvokeFunction",
        "Principal": "apigateway.amazonaws.com",
        "SourceArn": {
            "Fn::Sub": "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/authorizers/*"
        },
    }


def test_bodies_and_tokens_stay_out_of_the_gateways_log() -> None:
    (settings,) = properties("Api")["MethodSettings"]

    assert settings["DataTraceEnabled"] is False
    assert settings["ThrottlingRateLimit"]
    for personal in ("sourceIp", "authorizer.claims.email", "requestOverride", "$context.path"):
        assert personal not in properties("Api")["AccessLogSetting"]["Format"]


def test_endpoint_is_absent_on_aws() -> None:
    assert TEMPLATE["Parameters"]["EndpointUrl"]["Default"] == ""
    assert TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]["AWS_ENDPOINT_URL"] == {
        "Fn::If": ["HasEndpointUrl", {"Ref": "EndpointUrl"}, {"Ref": "AWS::NoValue"}]
    }


@pytest.mark.parametrize("name", list(TEMPLATE["Parameters"]))
def test_parameter_is_described(name: str) -> None:
    assert TEMPLATE["Parameters"][name]["Description"]


@pytest.mark.parametrize("name", list(TEMPLATE["Outputs"]))
def test_output_is_described(name: str) -> None:
    assert TEMPLATE["Outputs"][name]["Description"]
