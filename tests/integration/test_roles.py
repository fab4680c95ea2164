"""What the role of a function may do with each table, tried for real."""

from botocore import xform_name

from dev.application.stack import Stack, Status
from tests.grants import GRANTS
from tests.integration.roles import ONE_OF_EACH_FEATURE, allowed, role_of
from tests.template_facts import TABLES


def test_functions_have_exactly_these_permissions(stack: Stack, status: Status) -> None:
    names = ONE_OF_EACH_FEATURE.values()

    assert {name: allowed(stack, status, role_of(stack, status.functions[name])) for name in names} == {
        name: {
            (xform_name(action), place)
            for place, actions in GRANTS[name].items()
            if place in TABLES or "/index/" in place
            for action in actions
        }
        for name in names
    }
