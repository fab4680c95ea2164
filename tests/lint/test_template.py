"""Invariants of template.yaml: what reviews forget, and what the emulator would not notice."""

import itertools
import re
from typing import Any

import yaml
from samcli.yamlhelper import yaml_dump, yaml_parse  # type: ignore[import-untyped]

from dev.local_aws.template import resources
from dev.paths import FUNCTIONS, OPENAPI, ROOT
from dev.paths import TEMPLATE as TEMPLATE_FILE
from shared.caller import STAFF
from tests.grants import EXPENSIVE, OPEN_TO_ALL
from tests.lint.rules import check, differing
from tests.template_facts import (
    FUNCTION_IDS,
    FUNCTIONS_BY_ID,
    TABLES,
    TEMPLATE,
    properties,
)


def test_one_name_in_four_places() -> None:
    """CreateProductFunction: products/create.py, tests/unit/products/test_create.py; events: see test_events.py."""
    misnamed = [
        f"{logical_id} runs {FUNCTIONS_BY_ID[logical_id].handler}, the code of {' or '.join(sorted(names))}"
        for logical_id in FUNCTION_IDS
        if logical_id not in (names := names_of(*FUNCTIONS_BY_ID[logical_id].name.split("/", 1)))
    ]

    check(misnamed, "Name each function in template.yaml for its file")


def names_of(feature: str, name: str) -> set[str]:
    """Return what a function may be called: verb and thing, one of them or many."""
    thing = feature.removesuffix("s").title()
    if thing == "Auth":
        return {"AuthorizeFunction"}
    verb, *parts = name.title().split("_")
    part = "".join(parts)
    if verb == "On":
        return {f"On{thing}{part.removeprefix(thing)}Function"}
    return {f"{verb}{things}Function" for things in (f"{thing}{part}", f"{thing}{part}s", f"{thing}s{part}")}


def test_every_function_has_its_code_and_its_tests() -> None:
    names = {logical_id: FUNCTIONS_BY_ID[logical_id].name.split("/", 1) for logical_id in FUNCTION_IDS}
    needed = {
        path: logical_id
        for logical_id, (feature, name) in names.items()
        for path in (FUNCTIONS / feature / f"{name}.py", ROOT / "tests" / "unit" / feature / f"test_{name}.py")
    }

    missing = [f"{path.relative_to(ROOT)} for {name}" for path, name in needed.items() if not path.is_file()]
    check(missing, "Add these files")


def test_every_handler_is_in_the_template() -> None:
    handlers = {
        f"{path.parent.name}.{path.stem}.handler"
        for path in FUNCTIONS.glob("*/*.py")
        if re.search(r"(?m)^(@(api|stream)_handler$|def handler\()", path.read_text())
    }

    check(
        sorted(handlers - {each.handler for each in FUNCTIONS_BY_ID.values()}),
        "Add a function to template.yaml for each of these handlers, or delete the handler",
    )


def test_every_function_has_its_log_group_beside_it() -> None:
    following = dict(itertools.pairwise(TEMPLATE["Resources"]))
    log_groups = {logical_id: logical_id.removesuffix("Function") + "LogGroup" for logical_id in FUNCTION_IDS}

    offenders = [
        f"{logical_id} needs {log_group}"
        for logical_id, log_group in log_groups.items()
        if following.get(logical_id) != log_group
        or properties(logical_id).get("LoggingConfig", {}).get("LogGroup") != {"Ref": log_group}
    ]
    check(offenders, "Put a log group right after the function, and name it in LoggingConfig")


def test_every_log_group_has_a_retention() -> None:
    check(settings("AWS::Logs::LogGroup", RetentionInDays={"Ref": "LogRetentionDays"}), "Give each log group")


def test_tables_are_on_demand() -> None:
    check(settings("AWS::DynamoDB::Table", BillingMode="PAY_PER_REQUEST"), "Set this property of the table")


def test_tables_of_data_are_encrypted_recoverable_and_in_production_protected() -> None:
    """DynamoDB encrypts every table, by default with a key of AWS. Idempotency keys expire after an hour."""
    key = {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": {"Ref": "KmsKeyArn"}}
    expected = {
        "SSESpecification": {"Fn::If": ["HasKmsKey", key, {"Ref": "AWS::NoValue"}]},
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
        "DeletionProtectionEnabled": {"Fn::If": ["IsProduction", True, False]},
    }

    offenders = [
        line for name in TABLES.keys() - {"IdempotencyTable"} for line in differing(properties(name), expected, name)
    ]
    check(offenders, "Set these properties of the table in template.yaml")


def settings(type_name: str, **expected: Any) -> list[str]:
    """Return every property of the resources of a type that is not as expected."""
    return [line for name in resources(TEMPLATE, type_name) for line in differing(properties(name), expected, name)]


def test_nothing_has_a_fixed_name() -> None:
    fixed = {"FunctionName", "TableName", "BucketName", "LogGroupName", "RoleName", "UserPoolName", "Name"}

    named = {
        logical_id: fixed & body.get("Properties", {}).keys()
        for logical_id, body in TEMPLATE["Resources"].items()
        if body["Type"]
        not in {"AWS::Lambda::EventSourceMapping", "AWS::Lambda::Permission", "AWS::Lambda::EventInvokeConfig"}
        and fixed & body.get("Properties", {}).keys()
    }
    computed = {
        name: {"BucketName"}
        for name in named
        if properties(name).get("BucketName") == {"Fn::GetAtt": [f"{name}Name", "Value"]}
    }  # from the stack's own id
    for_the_stack = {name: {"Name"} for name in named if str(properties(name).get("Name")).count("AWS::StackName")}
    assert named == computed | for_the_stack


def test_users_are_protected_in_production_only() -> None:
    assert properties("UserPool")["DeletionProtection"] == {"Fn::If": ["IsProduction", "ACTIVE", "INACTIVE"]}


def test_functions_are_traced_and_have_time_for_a_second_attempt() -> None:
    settings = TEMPLATE["Globals"]["Function"]

    assert settings["Tracing"] == "Active"
    assert settings["Timeout"] == 15


def test_an_opentelemetry_layer_comes_with_its_wrapper() -> None:
    """Lambda starts a function through the wrapper, so there must be none without the layer."""
    settings, no_value = TEMPLATE["Globals"]["Function"], {"Ref": "AWS::NoValue"}

    assert settings["Layers"] == [
        {"Ref": "SharedLayer"},
        {"Fn::If": ["HasOpenTelemetryLayer", {"Ref": "OpenTelemetryLayerArn"}, no_value]},
    ]
    assert settings["Environment"]["Variables"]["AWS_LAMBDA_EXEC_WRAPPER"] == {
        "Fn::If": ["HasOpenTelemetryLayer", "/opt/otel-instrument", no_value]
    }


def test_lambda_does_not_filter_the_log() -> None:
    """With LogFormat JSON Lambda drops lines by their level, and takes Powertools' metrics for INFO."""
    logging = {name: properties(name).get("LoggingConfig", {}) for name in FUNCTION_IDS}

    check((name for name, each in logging.items() if each.keys() - {"LogGroup"}), "Set only LogGroup in LoggingConfig")
    assert "LoggingConfig" not in TEMPLATE["Globals"]["Function"]


def test_users_cannot_choose_their_customer() -> None:
    client = properties("UserPoolClient")

    assert client["WriteAttributes"] == ["name"]  # an empty list would allow every attribute
    assert "custom:customer_id" in client["ReadAttributes"]
    assert properties("UserPool")["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    assert client["PreventUserExistenceErrors"] == "ENABLED"


def test_sessions_are_short_and_end_with_a_revoked_token() -> None:
    expected = {
        "EnableTokenRevocation": True,
        "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 30},
        "IdTokenValidity": 30,
        "AccessTokenValidity": 30,
        "RefreshTokenValidity": 1,
        "TokenValidityUnits": {"IdToken": "minutes", "AccessToken": "minutes", "RefreshToken": "days"},
    }

    check(differing(properties("UserPoolClient"), expected, "UserPoolClient"), "Set these properties of the client")
    assert "ALLOW_REFRESH_TOKEN_AUTH" not in properties("UserPoolClient")["ExplicitAuthFlows"]  # it excludes rotation


def test_users_prove_their_address_and_may_have_a_second_factor() -> None:
    expected = {
        "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
        "MfaConfiguration": {"Ref": "Mfa"},
        "EnabledMfas": {"Fn::If": ["HasMfa", ["SOFTWARE_TOKEN_MFA"], {"Ref": "AWS::NoValue"}]},
    }

    check(differing(properties("UserPool"), expected, "UserPool"), "Set these properties of the pool")


def test_staff_group_is_the_one_that_the_functions_look_for() -> None:
    assert properties("StaffGroup")["GroupName"] == STAFF


def test_bodies_and_tokens_stay_out_of_the_gateways_log() -> None:
    for settings in properties("Api")["MethodSettings"]:
        assert settings["DataTraceEnabled"] is False
        assert settings["ThrottlingRateLimit"]
    for personal in ("sourceIp", "authorizer.claims.email", "requestOverride", "$context.path"):
        assert personal not in properties("Api")["AccessLogSetting"]["Format"]


def test_open_and_expensive_routes_have_lower_throttles() -> None:
    everything, *others = properties("Api")["MethodSettings"]
    limited = {(each["HttpMethod"], each["ResourcePath"].replace("/~1", "/").replace("~1", "/")) for each in others}

    assert limited == OPEN_TO_ALL | EXPENSIVE
    for each in others:
        assert each["ThrottlingRateLimit"] < everything["ThrottlingRateLimit"]


def test_access_log_has_an_id_that_no_client_can_choose() -> None:
    assert "$context.extendedRequestId" in properties("Api")["AccessLogSetting"]["Format"]


def test_api_speaks_modern_tls_and_loses_nothing_on_import() -> None:
    """The defaults are TLS 1.0, and an import that leaves out what it does not understand."""
    expected = {
        "SecurityPolicy": "SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09",
        "EndpointAccessMode": "STRICT",
        "FailOnWarnings": True,
    }

    check(differing(properties("Api"), expected, "Api"), "Set these properties of the API")


def test_stage_variables_are_read() -> None:
    """By mapping templates, or by shared.api."""
    readers = OPENAPI.read_text() + (FUNCTIONS / "shared" / "api.py").read_text()

    check((name for name in properties("Api")["Variables"] if name not in readers), "Remove what nothing reads")


def test_tokens_of_links_stay_out_of_traces() -> None:
    """A stage's trace holds the path of each request."""
    assert properties("Api")["TracingEnabled"] is False


def test_endpoint_is_absent_on_aws() -> None:
    assert TEMPLATE["Parameters"]["EndpointUrl"]["Default"] == ""
    assert TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]["AWS_ENDPOINT_URL"] == {
        "Fn::If": ["HasEndpointUrl", {"Ref": "EndpointUrl"}, {"Ref": "AWS::NoValue"}]
    }


def test_packaged_template_has_no_yaml_anchors() -> None:
    """CloudFormation resolves neither anchors nor merge keys; SAM does, before it sends the template."""
    packaged = yaml_dump(yaml_parse(TEMPLATE_FILE.read_text()))

    assert "<<: *" in TEMPLATE_FILE.read_text()
    assert "<<" not in packaged
    assert not [event for event in yaml.parse(packaged) if getattr(event, "anchor", None)]


def test_parameters_and_outputs_are_described() -> None:
    offenders = [
        f"{section}.{name}"
        for section in ("Parameters", "Outputs")
        for name, body in TEMPLATE[section].items()
        if not body.get("Description")
    ]

    check(offenders, "Describe these in template.yaml")
