"""What template.yaml says of users, their archive, their key and their authorizer."""

import re

from auth.model import WRITERS
from dev.paths import OPENAPI
from tests.lint.rules import check, differing
from tests.template_facts import (
    TABLES,
    TEMPLATE,
    properties,
)


def test_archive_is_kept_as_long_as_asked_for() -> None:
    (rule,) = properties("UserArchiveBucket")["LifecycleConfiguration"]["Rules"]

    assert rule == {
        "Id": "expiry",
        "Status": "Enabled",
        "ExpirationInDays": {"Ref": "ArchiveRetentionDays"},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
    }


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


def test_tables_of_mapping_templates_are_stage_variables() -> None:
    """The templates themselves read no other variable, see test_mapping_templates.py."""
    named = set(re.findall(r"\$stageVariables\.(\w+)", OPENAPI.read_text()))

    check(
        differing(properties("Api")["Variables"], {name: {"Ref": name} for name in named}, "Api.Variables"),
        "Tell the API's stage the table's name",
    )
    assert named <= TABLES.keys()


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


def test_keys_are_fetched_over_tls() -> None:
    for name in ("JwtIssuer", "JwtJwksUrl"):
        parameter = TEMPLATE["Parameters"][name]

        assert parameter["Default"] == "", name
        assert re.fullmatch(parameter["AllowedPattern"], "https://example.com/tenant"), name
        assert not re.fullmatch(parameter["AllowedPattern"], "http://example.com"), name


def test_only_this_api_s_authorizers_invoke_the_authorizer() -> None:
    assert properties("AuthorizePermission") == {
        "FunctionName": {"Ref": "AuthorizeFunction"},
        "Action": "lambda:InvokeFunction",
        "Principal": "apigateway.amazonaws.com",
        "SourceArn": {
            "Fn::Sub": "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/authorizers/*"
        },
    }
