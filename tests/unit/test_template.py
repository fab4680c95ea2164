"""Invariants of template.yaml: what reviews forget, and what the emulator would not notice."""

import re

import pytest

from dev.paths import EVENTS, FUNCTIONS, ROOT
from dev.template import functions, resources
from shared.caller import STAFF
from tests.unit.template_facts import (
    FUNCTION,
    FUNCTION_IDS,
    PRODUCTION_ONLY,
    TABLES,
    TEMPLATE,
    function,
    properties,
)


@pytest.mark.parametrize("logical_id", FUNCTION_IDS)
def test_one_name_four_places(logical_id: str) -> None:
    """CreateProductFunction: products/create.py, events/products/create/, tests/unit/products/test_create.py."""
    feature, _, name = function(logical_id).name.partition("/")
    names = names_of(feature.removesuffix("s").title(), name)

    assert logical_id in names, f"{feature}/{name}.py is the code of {' or '.join(sorted(names))}"
    for place in (
        FUNCTIONS / feature / f"{name}.py",
        EVENTS / feature / name / ("insert.json" if name in {"on_change", "on_message"} else "ok.json"),
        ROOT / "tests" / "unit" / feature / f"test_{name}.py",
    ):
        assert place.is_file(), f"{logical_id} needs {place.relative_to(ROOT)}"


def names_of(thing: str, name: str) -> set[str]:
    """Return what a function may be called: verb and thing, one of them or many."""
    if thing == "Auth":
        return {"AuthorizeFunction"}
    verb, _, part = name.partition("_")
    if verb == "on":
        return {f"On{thing}{part.title().removeprefix(thing)}Function"}
    named = f"{verb.title()}{thing}{part.title()}"
    return {f"{named}Function", f"{named}sFunction"}


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


def test_idempotency_keys_expire() -> None:
    time_to_live = {"AttributeName": "expiration", "Enabled": True}

    assert properties("IdempotencyTable")["TimeToLiveSpecification"] == time_to_live


def test_nothing_has_a_fixed_name() -> None:
    fixed = {"FunctionName", "TableName", "BucketName", "QueueName", "LogGroupName", "RoleName", "UserPoolName", "Name"}

    named = {
        logical_id: fixed & body.get("Properties", {}).keys()
        for logical_id, body in TEMPLATE["Resources"].items()
        if body["Type"]
        not in {"AWS::Lambda::EventSourceMapping", "AWS::Lambda::Permission", "AWS::Lambda::EventInvokeConfig"}
        and fixed & body.get("Properties", {}).keys()
    }
    # From the stack's own id, see tests/unit/test_media_template.py.
    assert named == {"MediaBucket": {"BucketName"}}


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


def test_bodies_and_tokens_stay_out_of_the_gateways_log() -> None:
    for settings in properties("Api")["MethodSettings"]:
        assert settings["DataTraceEnabled"] is False
        assert settings["ThrottlingRateLimit"]
    for personal in ("sourceIp", "authorizer.claims.email", "requestOverride", "$context.path"):
        assert personal not in properties("Api")["AccessLogSetting"]["Format"]


def test_tokens_of_links_stay_out_of_traces() -> None:
    """A stage's trace holds the path of each request."""
    assert properties("Api")["TracingEnabled"] is False


def test_what_is_open_to_anyone_is_throttled_most() -> None:
    everything, shared = properties("Api")["MethodSettings"]

    assert (shared["ResourcePath"], shared["HttpMethod"]) == ("/~1shared~1{token}", "GET")
    assert shared["ThrottlingRateLimit"] < everything["ThrottlingRateLimit"]


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
