"""What the role of each function may do with each table, tried for real."""

from botocore import xform_name

from dev.application.stack import Stack, Status
from tests.grants import GRANTS
from tests.integration.roles import allowed
from tests.template_facts import FUNCTION_IDS, TABLES


def test_functions_have_exactly_these_permissions(stack: Stack, status: Status) -> None:
    roles = {
        logical_id: stack.client("lambda").get_function(FunctionName=status.functions[logical_id])["Configuration"]
        for logical_id in FUNCTION_IDS
    }

    assert {name: allowed(stack, status, role["Role"]) for name, role in roles.items()} == {
        name: {
            (xform_name(action), place)
            for place, actions in grants.items()
            if place in TABLES or "/index/" in place
            for action in actions
        }
        for name, grants in GRANTS.items()
    }
