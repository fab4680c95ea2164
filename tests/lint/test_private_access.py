"""What template.yaml says of the VPC that functions may be put into, and of roles, which SAM widens for it."""

import re
from typing import Any

import pytest

from dev.local_aws.template import resources
from tests.grants import OUTSIDE_VPC
from tests.lint.iam import is_allowed
from tests.lint.rules import check, differing
from tests.lint.test_buckets import FAILURES, LOGS
from tests.lint.transformed import transformed
from tests.template_facts import (
    FUNCTION_IDS,
    TABLES,
    TEMPLATE,
    as_list,
    properties,
    resource_text,
    statements,
)

INSECURE = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": "*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
"""What an endpoint without buckets has alone."""
NO_VALUE = {"Ref": "AWS::NoValue"}
OUTSIDE = dict[str, list[str]](SubnetIds=[], SecurityGroupIds=[])
"""Not NO_VALUE: another transform before SAM's may remove it, and then SAM's global value would apply."""
CODE = {"lambda:SourceFunctionArn": "arn:aws:lambda:eu-west-1:111122223333:function:any"}
LAMBDA_ITSELF = dict[str, str]()
PERSONS = {"AWS::IAM::User", "AWS::IAM::Group", "AWS::IAM::AccessKey", "AWS::IAM::UserToGroupAddition"}


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    """The resources that SAM makes of the template."""
    found: dict[str, Any] = transformed()["Resources"]
    return found


def endpoint_resources(logical_id: str) -> set[str]:
    """Return what an endpoint leads to, as `Table.Arn` or `${Table.Arn}/index/*`."""
    statements = properties(logical_id)["PolicyDocument"]["Statement"]
    return {
        resource_text(each)
        for statement in statements
        if statement["Effect"] == "Allow"
        for each in statement["Resource"]
    }


def test_functions_are_in_no_vpc_unless_asked() -> None:
    assert TEMPLATE["Parameters"]["UseVpc"]["Default"] == "false"
    assert {name for name, body in TEMPLATE["Resources"].items() if body.get("Condition") == "UsesVpc"} == {
        *("FunctionSecurityGroup", "DynamoDbEndpoint", "S3Endpoint")
    }


def test_a_vpc_is_named_whole() -> None:
    rule = TEMPLATE["Rules"]["VpcIsComplete"]

    assert rule["RuleCondition"] == {"Fn::Equals": [{"Ref": "UseVpc"}, "true"]}
    assert rule["Assertions"] == [
        {"Assert": {"Fn::Not": [{"Fn::Equals": [{"Ref": name}, ""]}]}, "AssertDescription": f"UseVpc needs {name}."}
        for name in ("VpcId", "SubnetIds", "RouteTableIds")
    ]


def test_ids_are_taken_as_they_are_used() -> None:
    examples = {
        "VpcId": ("vpc-0a1b", "vpc-0a1b,vpc-0a1c"),
        "SubnetIds": ("subnet-0a1b,subnet-0a1c", "subnet-0a1b, subnet-0a1c"),
        "RouteTableIds": ("rtb-0a1b", "rtb-0a1b,"),
        "PrefixListIds": ("pl-0a1b,pl-0a1c", "pl-0a1b"),
    }
    for name, (good, bad) in examples.items():
        pattern = TEMPLATE["Parameters"][name]["AllowedPattern"]

        assert re.fullmatch(pattern, ""), name
        assert re.fullmatch(pattern, good), name
        assert not re.fullmatch(pattern, bad), name


def test_functions_are_put_into_the_subnets(made: dict[str, Any]) -> None:
    inside = {
        "SubnetIds": {"Fn::Split": [",", {"Ref": "SubnetIds"}]},
        "SecurityGroupIds": [{"Fn::GetAtt": ["FunctionSecurityGroup", "GroupId"]}],
    }
    expected = {
        name: OUTSIDE if name in OUTSIDE_VPC else {"Fn::If": ["UsesVpc", inside, NO_VALUE]} for name in FUNCTION_IDS
    }

    check(
        (
            line
            for name in FUNCTION_IDS
            for line in differing(made[name]["Properties"], {"VpcConfig": expected[name]}, name)
        ),
        "Put each function into the subnets, unless it needs the Internet",
    )


def test_roles_that_sam_makes_keep_within_the_boundary(made: dict[str, Any]) -> None:
    """SAM adds the right to make network interfaces, whether UseVpc is true or not."""
    managed = ["AWSLambdaBasicExecutionRole", "AWSXrayWriteOnlyAccess", "AWSLambdaVPCAccessExecutionRole"]
    boundary = {"Fn::If": ["HasPermissionsBoundary", {"Ref": "PermissionsBoundaryArn"}, {"Ref": "FunctionBoundary"}]}
    expected = {"policies": managed, "PermissionsBoundary": boundary}
    roles = {name: made[f"{name}Role"]["Properties"] for name in FUNCTION_IDS}

    check(
        (
            line
            for name, role in roles.items()
            for line in differing(role | {"policies": policy_names(role)}, expected, name)
        ),
        "Let SAM make the role with its own policies, under the boundary",
    )


def policy_names(role: dict[str, Any]) -> list[str]:
    return [str(arn).rpartition("/")[2].rstrip("'}") for arn in role["ManagedPolicyArns"]]


def test_network_interfaces_are_made_by_lambda_itself_only() -> None:
    boundary = properties("FunctionBoundary")["PolicyDocument"]

    assert is_allowed(boundary, "ec2:CreateNetworkInterface", keys=LAMBDA_ITSELF)
    assert not is_allowed(boundary, "ec2:CreateNetworkInterface", keys=CODE)
    assert not is_allowed(boundary, "ec2:DescribeSubnets", keys=CODE)
    assert is_allowed(boundary, "dynamodb:PutItem", keys=CODE)


def test_nothing_comes_in_and_only_https_goes_out() -> None:
    group = properties("FunctionSecurityGroup")
    condition, to_services, to_anywhere = group["SecurityGroupEgress"]["Fn::If"]

    assert group["VpcId"] == {"Ref": "VpcId"}
    assert "SecurityGroupIngress" not in group
    assert condition == "HasPrefixLists"
    for rule in [*to_services, *to_anywhere]:
        assert (rule["IpProtocol"], rule["FromPort"], rule["ToPort"]) == ("tcp", 443, 443)
    assert [rule["DestinationPrefixListId"] for rule in to_services] == [
        {"Fn::Select": [position, {"Fn::Split": [",", {"Ref": "PrefixListIds"}]}]} for position in (0, 1)
    ]
    assert [rule["CidrIp"] for rule in to_anywhere] == ["0.0.0.0/0"]


def test_no_function_is_inside_before_the_routes_exist() -> None:
    """Functions refer to the group, and the group waits for the endpoints."""
    assert set(TEMPLATE["Resources"]["FunctionSecurityGroup"]["DependsOn"]) == {"DynamoDbEndpoint", "S3Endpoint"}


def test_endpoints_take_requests_of_this_account_only() -> None:
    offenders = [
        line
        for name, service in {"DynamoDbEndpoint": "dynamodb", "S3Endpoint": "s3"}.items()
        for line in differing(properties(name), endpoint(service), name)
    ] + [
        line
        for name, service in {"DynamoDbEndpoint": "dynamodb", "S3Endpoint": "s3"}.items()
        for statement in properties(name)["PolicyDocument"]["Statement"]
        if statement != INSECURE
        for line in differing(statement, grant(service), name)
    ]

    check(offenders, "Let this account alone through")


def endpoint(service: str) -> dict[str, Any]:
    return {
        "VpcEndpointType": "Gateway",
        "ServiceName": {"Fn::Sub": f"com.amazonaws.${{AWS::Region}}.{service}"},
        "VpcId": {"Ref": "VpcId"},
        "RouteTableIds": {"Fn::Split": [",", {"Ref": "RouteTableIds"}]},
    }


def grant(service: str) -> dict[str, Any]:
    own_account = {"StringEquals": {"aws:PrincipalAccount": {"Ref": "AWS::AccountId"}}}
    return {"Effect": "Allow", "Action": f"{service}:*", "Condition": own_account}


def test_endpoint_leads_to_the_tables_of_this_stack() -> None:
    tables = {f"{name}.Arn" for name in TABLES}
    indexes = {f"${{{name}.Arn}}/index/*" for name in TABLES if "GlobalSecondaryIndexes" in properties(name)}

    check(
        sorted(endpoint_resources("DynamoDbEndpoint") ^ (tables | indexes)),
        "Add to or remove from the policy of DynamoDbEndpoint in template.yaml",
    )


def test_endpoint_leads_to_the_buckets_of_this_stack() -> None:
    """Buckets that S3 or Lambda itself fills aside: access logs and failed events."""
    buckets = resources(TEMPLATE, "AWS::S3::Bucket").keys() - LOGS - FAILURES
    named = {name: f"arn:${{AWS::Partition}}:s3:::${{{name}Name.Value}}" for name in buckets}

    expected = {
        arn
        for name in buckets
        for arn in (
            {named[name], f"{named[name]}/*"}
            if f"{name}Name" in TEMPLATE["Resources"]
            else {f"{name}.Arn", f"${{{name}.Arn}}/*"}
        )
    }
    check(
        sorted(endpoint_resources("S3Endpoint") ^ expected),
        "Add to or remove from the policy of S3Endpoint in template.yaml",
    )


def test_functions_in_the_vpc_need_no_service_without_an_endpoint() -> None:
    offenders = [
        f"{name}: {', '.join(as_list(statement['Action']))}"
        for name in FUNCTION_IDS
        if name not in OUTSIDE_VPC
        for statement in statements(name)
        if not {action.partition(":")[0] for action in as_list(statement["Action"])} <= {"dynamodb", "s3"}
    ]
    check(offenders, "Add an endpoint for the service, or keep the function outside the VPC")


def test_template_has_no_users_or_groups_of_iam() -> None:
    types = {body["Type"] for body in TEMPLATE["Resources"].values()}

    assert types & PERSONS == set()
