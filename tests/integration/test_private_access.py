"""The application with UseVpc: the emulator makes group and endpoints, but puts no function inside.

It tells nothing of their policies either: tests/unit/test_private_access.py reads those in the template.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dev.application.project import PROJECT
from dev.application.stack import Stack
from dev.errors import DevError
from dev.local_aws import sam, transform
from dev.local_aws.deployment import ARTIFACT_BUCKET, stack_resources

pytestmark = pytest.mark.slow
NAME = "private"


@pytest.fixture
def private(tmp_path: Path, build_dir: Path) -> Iterator[Stack]:
    """An emulator of its own, with nothing deployed yet."""
    stack = Stack(home=tmp_path, build_dir=build_dir, default_port=0, name=NAME)
    try:
        stack.emulator.start()
        stack.client("s3").create_bucket(Bucket=ARTIFACT_BUCKET)
        yield stack
    finally:
        stack.down(lambda _: None, delete=True)


def deploy(stack: Stack, **parameters: str) -> dict[str, dict[str, str]]:
    """Deploy with `parameters`. Returns physical names by type and logical id. Raises DevError."""
    url = stack.emulator.endpoint_url
    built = sam.build(PROJECT, stack.build_dir, url, lambda _: None)
    template = transform.write_local_template(built, PROJECT.openapi, url)
    sam.deploy(template, PROJECT.root, NAME, ARTIFACT_BUCKET, url, **parameters)
    return stack_resources(stack.client("cloudformation"), NAME)


def network(ec2: Any) -> dict[str, str]:
    """Make a VPC of two subnets with one route table. Returns it as parameters."""
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{third}.0/24")["Subnet"]["SubnetId"] for third in range(2)]
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    return {"VpcId": vpc, "SubnetIds": ",".join(subnets), "RouteTableIds": table}


def test_a_vpc_that_is_named_whole_gets_its_group_and_endpoints(private: Stack) -> None:
    ec2 = private.client("ec2")
    names = network(ec2)
    with pytest.raises(DevError, match="UseVpc needs RouteTableIds"):
        deploy(private, UseVpc="true", VpcId=names["VpcId"], SubnetIds=names["SubnetIds"])

    made = deploy(private, UseVpc="true", **names)

    (group,) = ec2.describe_security_groups(GroupIds=list(made["AWS::EC2::SecurityGroup"].values()))["SecurityGroups"]
    assert (group["VpcId"], group["IpPermissions"]) == (names["VpcId"], [])
    assert [(rule["FromPort"], rule["ToPort"]) for rule in group["IpPermissionsEgress"]] == [(443, 443)]
    ids = list(made["AWS::EC2::VPCEndpoint"].values())
    endpoints = ec2.describe_vpc_endpoints(VpcEndpointIds=ids)["VpcEndpoints"]
    assert [endpoint["RouteTableIds"] for endpoint in endpoints] == [[names["RouteTableIds"]]] * 2
