"""`dev tables` on a deployed stack: what patterns cost there, and that nothing is changed."""

from collections.abc import Callable

import pytest

from dev.application import demo_data
from dev.application.access_patterns.document import rows
from dev.application.deployed_stack import DeployedStack, local
from dev.application.stack import Stack
from dev.replay.table_state import Items
from dev.tables import patterns
from dev.tables.recorder import Call


@pytest.fixture(scope="module")
def deployed(stack: Stack) -> DeployedStack:
    """The stack, with all demo data."""
    it = local(stack)
    demo_data.add_missing(it.client("dynamodb"), it.tables)
    return it


def test_patterns_of_the_document_cost_what_it_says_and_change_nothing(
    deployed: DeployedStack, all_items: Callable[[], Items]
) -> None:
    before = all_items()

    ran = [(each.pattern.name, ", ".join(map(cost, each.calls))) for each in patterns.run(deployed)]

    assert ran == [(row.name, row.example) for row in rows()]
    assert all_items() == before


def cost(call: Call) -> str:
    if call.error is not None:
        return "rejected"
    return "not reported" if call.capacity_units is None else f"{call.capacity_units:g}"


def test_local_stack_is_not_in_production(deployed: DeployedStack) -> None:
    assert not deployed.is_production()
