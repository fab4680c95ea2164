"""`dev tables describe` on a deployed stack."""

from dev.application.deployed_stack import local
from dev.application.stack import Stack
from dev.tables import describe


def test_tables_are_described(stack: Stack) -> None:
    deployed = local(stack)

    described = describe.describe(deployed.client("dynamodb"), "MessagesTable", deployed.tables["MessagesTable"])

    assert described["keys"] == [
        {"name": "pk", "type": "S", "key": "HASH"},
        {"name": "sk", "type": "S", "key": "RANGE"},
    ]
    assert (described["stream"], described["billing"]) == ("NEW_IMAGE", "PAY_PER_REQUEST")
