"""What the role of the direct routes may do, tried for real."""

import pytest

from dev.application.stack import Stack, Status
from tests.integration.roles import allowed, client_of_role, is_allowed

USERS = "UsersTable"


@pytest.fixture
def role(stack: Stack) -> str:
    name = stack.resources()["AWS::IAM::Role"]["UsersIntegrationRole"]
    arn: str = stack.client("iam").get_role(RoleName=name)["Role"]["Arn"]
    return arn


def test_direct_integrations_write_users_and_read_no_whole_item(stack: Stack, status: Status, role: str) -> None:
    assert allowed(stack, status, role) == {("put_item", USERS), ("delete_item", USERS)}


def test_direct_integrations_read_public_attributes_only(stack: Stack, status: Status, role: str) -> None:
    client = client_of_role(stack, role, "dynamodb")

    def reads(attributes: str) -> bool:
        return is_allowed(
            client, lambda _: client.scan(TableName=status.tables[USERS], ProjectionExpression=attributes)
        )

    assert reads("UserId, created_at")
    assert not reads("UserId, email")
