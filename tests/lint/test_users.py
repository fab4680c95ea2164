"""What template.yaml says of users, their archive, their key and their authorizer."""

import json
import re

from auth.model import WRITERS, WRITERS_ROUTES
from dev.local_aws.apigateway.contract import direct_routes
from dev.local_aws.template import attribute_of
from dev.paths import OPENAPI
from tests.lint.rules import check, differing
from tests.lint.test_guards import DIRECT, problems
from tests.template_facts import CONTRACT, OPERATIONS, TABLES, TEMPLATE, properties

ACTIONS = {"Put": "PutItem", "Get": "GetItem", "List": "Scan", "Delete": "DeleteItem"}
"""The verb that a direct route's operation is named for, by its action."""


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
    """Half of it would reject everybody."""
    rule = TEMPLATE["Rules"]["JwtIssuerIsComplete"]
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


def test_lambda_authorizer_is_enforced_by_the_gateway() -> None:
    scheme = CONTRACT["components"]["securitySchemes"]["Jwt"]
    authorizer = scheme["x-amazon-apigateway-authorizer"]

    assert (scheme["type"], scheme["in"], scheme["name"]) == ("apiKey", "header", "Authorization")
    assert (scheme["x-amazon-apigateway-authtype"], authorizer["type"]) == ("custom", "token")
    assert "functions/${AuthorizeFunction.Arn}/" in authorizer["authorizerUri"]["Fn::Sub"]


def test_api_key_is_read_where_api_gateway_looks_for_it() -> None:
    assert CONTRACT["components"]["securitySchemes"]["ApiKey"] == {
        "type": "apiKey",
        "in": "header",
        "name": "x-api-key",
    }


def test_every_route_of_the_lambda_authorizer_is_in_its_policy() -> None:
    """API Gateway keeps the policy, and asks it about the caller's next route too."""
    guarded = {
        f"{method}{re.sub(r'{[^}]*}', '*', path)}"
        for (method, path), operation in OPERATIONS.items()
        if operation["security"] == [{"Jwt": []}]
    }

    assert guarded == set(WRITERS_ROUTES)


def test_direct_routes_are_named_for_their_action_and_use_the_integration_s_role() -> None:
    credentials = {"Fn::GetAtt": ["UsersIntegrationRole", "Arn"]}

    offenders = [
        f"{' '.join(route)} does {direct.action} as {OPERATIONS[route]['operationId']}"
        for route, direct in DIRECT.items()
        if ACTIONS.get(OPERATIONS[route]["operationId"].partition("User")[0]) != direct.action
        or OPERATIONS[route]["x-amazon-apigateway-integration"].get("credentials") != credentials
    ]
    check(offenders, "Name the operation for its action, with the credentials of UsersIntegrationRole")


def test_direct_routes_have_these_problems() -> None:
    """The codes that test_guards.py looks for are found."""
    found = {
        OPERATIONS[route]["operationId"]: [code for each in direct.responses for _, code in problems(each.template)]
        for route, direct in DIRECT.items()
    }

    common = ["InvalidParameter", "Throttled", "IntegrationDenied", "InternalError"]
    assert found == {
        "ListUsers": common,
        "GetUser": ["UserNotFound", *common],
        "PutUser": ["UserOwnedByAnother", *common],
        "DeleteUser": ["UserNotFound", *common],
    }


def test_integration_role_allows_the_actions_of_its_routes_and_reads_public_attributes_only() -> None:
    (policy,) = properties("UsersIntegrationRole")["Policies"]
    writes, reads = policy["PolicyDocument"]["Statement"]

    actions = {f"dynamodb:{route.action}" for route in direct_routes(CONTRACT).values()}
    assert {*writes["Action"], *reads["Action"]} == actions
    assert set(reads["Action"]) == {"dynamodb:GetItem", "dynamodb:Scan"}
    assert reads["Condition"] == {
        "ForAllValues:StringEquals": {"dynamodb:Attributes": ["UserId", "name", "created_at"]},
        "StringEqualsIfExists": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"},
    }
    assert attribute_of(writes["Resource"]) == attribute_of(reads["Resource"]) == "UsersTable.Arn"


def test_only_api_gateway_takes_the_integration_role() -> None:
    (statement,) = properties("UsersIntegrationRole")["AssumeRolePolicyDocument"]["Statement"]

    assert statement["Principal"] == {"Service": "apigateway.amazonaws.com"}


def test_archiver_takes_insert_and_remove_only() -> None:
    (only,) = properties("OnUserChangeMapping")["FilterCriteria"]["Filters"]

    assert json.loads(only["Pattern"]) == {"eventName": ["INSERT", "REMOVE"]}
