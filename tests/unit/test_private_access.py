"""What template.yaml says of the VPC that functions may be put into, and of roles, which SAM widens for it."""

import re
from typing import Any

import pytest

from dev.local_aws.template import resources
from tests.unit.iam import is_allowed
from tests.unit.template_facts import (
    FUNCTION_IDS,
    QUEUES,
    TABLES,
    TEMPLATE,
    as_attribute,
    as_list,
    properties,
    statements,
)
from tests.unit.test_dependencies import transformed

OUTSIDE = {"AuthorizeFunction"}
"""It asks the token issuer for keys, over the Internet."""
NO_VALUE = {"Ref": "AWS::NoValue"}
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
    (statement,) = properties(logical_id)["PolicyDocument"]["Statement"]
    return {text(resource) for resource in statement["Resource"]}


def text(resource: dict[str, Any]) -> str:
    return str(resource["Fn::Sub"]) if "Fn::Sub" in resource else as_attribute(resource)


def test_functions_are_in_no_vpc_unless_asked() -> None:
    assert TEMPLATE["Parameters"]["UseVpc"]["Default"] == "false"
    assert {name for name, body in TEMPLATE["Resources"].items() if body.get("Condition") == "UsesVpc"} == {
        *("FunctionSecurityGroup", "DynamoDbEndpoint", "S3Endpoint")
    }


def test_a_vpc_is_named_whole() -> None:
    rule = TEMPLATE["Rules"]["VpcIsNamedWhole"]

    assert rule["RuleCondition"] == {"Fn::Equals": [{"Ref": "UseVpc"}, "true"]}
    assert [assertion["Assert"] for assertion in rule["Assertions"]] == [
        {"Fn::Not": [{"Fn::Equals": [{"Ref": name}, ""]}]} for name in ("VpcId", "SubnetIds", "RouteTableIds")
    ]


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("VpcId", "vpc-0a1b", "vpc-0a1b,vpc-0a1c"),
        ("SubnetIds", "subnet-0a1b,subnet-0a1c", "subnet-0a1b, subnet-0a1c"),
        ("RouteTableIds", "rtb-0a1b", "rtb-0a1b,"),
        ("PrefixListIds", "pl-0a1b,pl-0a1c", "pl-0a1b"),
    ],
)
def test_ids_are_taken_as_they_are_used(name: str, good: str, bad: str) -> None:
    pattern = TEMPLATE["Parameters"][name]["AllowedPattern"]

    assert re.fullmatch(pattern, "")
    assert re.fullmatch(pattern, good)
    assert not re.fullmatch(pattern, bad)


@pytest.mark.parametrize("logical_id", FUNCTION_IDS)
def test_function_is_put_into_the_subnets(made: dict[str, Any], logical_id: str) -> None:
    inside = {
        "SubnetIds": {"Fn::Split": [",", {"Ref": "SubnetIds"}]},
        "SecurityGroupIds": [{"Fn::GetAtt": ["FunctionSecurityGroup", "GroupId"]}],
    }
    expected = NO_VALUE if logical_id in OUTSIDE else {"Fn::If": ["UsesVpc", inside, NO_VALUE]}

    assert made[logical_id]["Properties"]["VpcConfig"] == expected


@pytest.mark.parametrize("logical_id", FUNCTION_IDS)
def test_role_that_sam_makes_keeps_within_the_boundary(made: dict[str, Any], logical_id: str) -> None:
    """SAM adds the right to make network interfaces, whether UseVpc is true or not."""
    role = made[f"{logical_id}Role"]["Properties"]

    assert [str(arn).rpartition("/")[2].rstrip("'}") for arn in role["ManagedPolicyArns"]] == [
        "AWSLambdaBasicExecutionRole",
        "AWSXrayWriteOnlyAccess",
        "AWSLambdaVPCAccessExecutionRole",
    ]
    assert role["PermissionsBoundary"] == {"Ref": "FunctionBoundary"}


@pytest.mark.parametrize(
    ("action", "caller", "allowed"),
    [
        ("ec2:CreateNetworkInterface", LAMBDA_ITSELF, True),
        ("ec2:CreateNetworkInterface", CODE, False),
        ("ec2:DescribeSubnets", CODE, False),
        ("dynamodb:PutItem", CODE, True),
    ],
)
def test_network_interfaces_are_made_by_lambda_itself_only(action: str, caller: dict[str, str], allowed: bool) -> None:
    assert is_allowed(properties("FunctionBoundary")["PolicyDocument"], action, keys=caller) is allowed


def test_nothing_comes_in_and_only_https_goes_out() -> None:
    group = properties("FunctionSecurityGroup")
    condition, to_services, to_anywhere = group["SecurityGroupEgress"]["Fn::If"]

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


@pytest.mark.parametrize(("logical_id", "service"), [("DynamoDbEndpoint", "dynamodb"), ("S3Endpoint", "s3")])
def test_endpoint_takes_requests_of_this_account_only(logical_id: str, service: str) -> None:
    endpoint = properties(logical_id)
    (statement,) = endpoint["PolicyDocument"]["Statement"]

    assert endpoint["VpcEndpointType"] == "Gateway"
    assert endpoint["ServiceName"] == {"Fn::Sub": f"com.amazonaws.${{AWS::Region}}.{service}"}
    assert endpoint["RouteTableIds"] == {"Fn::Split": [",", {"Ref": "RouteTableIds"}]}
    assert (statement["Effect"], statement["Action"]) == ("Allow", f"{service}:*")
    assert statement["Condition"] == {"StringEquals": {"aws:PrincipalAccount": {"Ref": "AWS::AccountId"}}}


def test_endpoint_leads_to_the_tables_of_this_stack() -> None:
    tables = {f"{name}.Arn" for name in TABLES}
    indexes = {f"${{{name}.Arn}}/index/*" for name in TABLES if "GlobalSecondaryIndexes" in properties(name)}

    assert endpoint_resources("DynamoDbEndpoint") == tables | indexes


def test_endpoint_leads_to_the_buckets_of_this_stack() -> None:
    """The log bucket aside: S3 itself fills it."""
    assert resources(TEMPLATE, "AWS::S3::Bucket").keys() == {"UserArchiveBucket", "MediaBucket", "MediaLogBucket"}
    assert endpoint_resources("S3Endpoint") == {
        *("UserArchiveBucket.Arn", "${UserArchiveBucket.Arn}/*"),
        "arn:${AWS::Partition}:s3:::${MediaBucketName.Value}",
        "arn:${AWS::Partition}:s3:::${MediaBucketName.Value}/*",
    }


@pytest.mark.parametrize("logical_id", [name for name in FUNCTION_IDS if name not in OUTSIDE])
def test_function_in_the_vpc_needs_no_service_without_an_endpoint(logical_id: str) -> None:
    """What Lambda does in the function's name, it does outside: read a stream, report to a failure queue."""
    lambdas_own = {f"{name}.Arn" for name in QUEUES}

    for statement in statements(logical_id):
        services = {action.partition(":")[0] for action in as_list(statement["Action"])}
        assert services <= {"dynamodb", "s3"} or {text(each) for each in as_list(statement["Resource"])} <= lambdas_own


def test_nobody_but_roles() -> None:
    types = {body["Type"] for body in TEMPLATE["Resources"].values()}

    assert types & PERSONS == set()
