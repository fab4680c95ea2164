"""AWS in memory: what functions called in this process find there."""

import pytest

from dev.application import in_process
from tests.template_facts import FUNCTIONS_BY_ID, properties


def test_every_variable_of_the_template_has_a_value(subtests: pytest.Subtests) -> None:
    for logical_id, function in FUNCTIONS_BY_ID.items():
        with subtests.test(logical_id=logical_id):
            variables = properties(logical_id).get("Environment", {}).get("Variables", {})

            assert variables.keys() <= in_process.function_environment().keys() | function.stores
