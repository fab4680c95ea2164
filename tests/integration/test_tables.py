"""`dev tables` on a deployed stack: what patterns cost there, and that nothing is changed."""

from collections.abc import Callable

import pytest

from dev.application import demo_data
from dev.application.access_patterns.document import rows
from dev.application.stack import Stack
from dev.replay.table_state import Items
from dev.tables import patterns
from dev.tables.place import Place, local
from dev.tables.recorder import Call


@pytest.fixture(scope="module")
def place(stack: Stack) -> Place:
    """The stack, with all demo data."""
    place = local(stack)
    demo_data.add_missing(place.client("dynamodb"), place.tables)
    return place


def test_patterns_of_the_document_cost_what_it_says(place: Place) -> None:
    ran = [(each.pattern.name, ", ".join(map(cost, each.calls))) for each in patterns.run(place)]

    assert ran == [(row.name, row.example) for row in rows()]


def cost(call: Call) -> str:
    if call.error is not None:
        return "rejected"
    return "not reported" if call.capacity_units is None else f"{call.capacity_units:g}"


def test_tables_end_as_they_were(place: Place, all_items: Callable[[], Items]) -> None:
    before = all_items()

    ran = list(patterns.run(place))

    assert all_items() == before
    assert {each.refused for each in ran} == {None}


def test_local_stack_is_not_in_production(place: Place) -> None:
    assert not place.is_production()
