"""What the role of the direct routes may do, tried for real."""

from dev.application.stack import Stack, Status
from tests.integration.roles import allowed

USERS = "UsersTable"


def test_direct_integrations_have_exactly_these_permissions(stack: Stack, status: Status) -> None:
    name = stack.resources()["AWS::IAM::Role"]["UsersIntegrationRole"]
    role = stack.client("iam").get_role(RoleName=name)["Role"]["Arn"]

    assert allowed(stack, status, role) == {
        ("put_item", USERS),
        ("get_item", USERS),
        ("scan", USERS),
        ("delete_item", USERS),
    }
